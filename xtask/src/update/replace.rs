//! Several files replaced together, or none.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::Error;

/// Replaces every file by a rename; after a failure all are as they were.
pub(super) fn all(files: &[(PathBuf, String)]) -> Result<(), Error> {
    let mut ready = Vec::new();
    for (path, text) in files {
        let before = match fs::read(path) {
            Ok(bytes) => Some(bytes),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Error::file("read", path)(error)),
        };
        ready.push((path, prepared(path, text.as_bytes())?, before));
    }
    let mut done: Vec<(&Path, Option<Vec<u8>>)> = Vec::new();
    for (path, file, before) in ready {
        if let Err(error) = file.persist(path) {
            let failure = Error::file("replace", path)(error.error);
            return Err(undone(done).err().unwrap_or(failure));
        }
        done.push((path, before));
    }
    Ok(())
}

/// Puts back what was there before.
fn undone(done: Vec<(&Path, Option<Vec<u8>>)>) -> Result<(), Error> {
    for (path, before) in done {
        match before {
            Some(bytes) => {
                let file = prepared(path, &bytes)?;
                file.persist(path)
                    .map_err(|error| Error::file("restore", path)(error.error))?;
            }
            None => fs::remove_file(path).map_err(Error::file("remove", path))?,
        }
    }
    Ok(())
}

/// The new contents beside the file, with its permissions.
fn prepared(path: &Path, contents: &[u8]) -> Result<NamedTempFile, Error> {
    let directory = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(directory).map_err(Error::file("create", directory))?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // What a plain new file gets, less what the process masks.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder
        .tempfile_in(directory)
        .map_err(Error::file("write beside", path))?;
    file.write_all(contents)
        .and_then(|()| file.as_file().sync_all())
        .map_err(Error::file("write beside", path))?;
    if let Ok(metadata) = fs::metadata(path) {
        fs::set_permissions(file.path(), metadata.permissions())
            .map_err(Error::file("write beside", path))?;
    }
    Ok(file)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn after_a_failure_every_file_is_as_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let [first, fresh, last] =
            ["first", "fresh", "last"].map(|name| directory.path().join(name));
        fs::write(&first, "before").unwrap();
        fs::write(&last, "before").unwrap();
        // Ready to be replaced, and then something that cannot be renamed over.
        let files = [
            (first.clone(), "after".to_owned()),
            (fresh.clone(), "after".to_owned()),
            (last.join("below a file"), "after".to_owned()),
        ];
        assert!(all(&files).is_err());
        assert_eq!(fs::read_to_string(&first).unwrap(), "before");
        assert!(!fresh.exists());
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);
    }

    #[test]
    fn what_was_replaced_is_put_back() {
        let directory = tempfile::tempdir().unwrap();
        let [old, new] = ["old", "new"].map(|name| directory.path().join(name));
        all(&[(old.clone(), "before".to_owned())]).unwrap();
        all(&[
            (old.clone(), "after".to_owned()),
            (new.clone(), "after".to_owned()),
        ])
        .unwrap();
        assert_eq!(fs::read_to_string(&old).unwrap(), "after");
        undone(vec![(&old, Some(b"before".to_vec())), (&new, None)]).unwrap();
        assert_eq!(fs::read_to_string(&old).unwrap(), "before");
        assert!(!new.exists());
    }
}
