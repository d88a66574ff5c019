//! The thread that a blocking client owns.

use std::fmt;
use std::panic::resume_unwind;
use std::sync::mpsc;
use std::thread;

use tokio::runtime;
use tokio::sync::oneshot;
use tokio::task::JoinError;

use crate::error::{Error, ErrorKind, Result};

/// A thread with a single-threaded runtime. It ends when this is dropped.
pub(super) struct RuntimeThread {
    runtime: runtime::Handle,
    /// Dropped, it ends the thread.
    _life: oneshot::Sender<()>,
}

impl RuntimeThread {
    pub(super) fn start() -> Result<Self> {
        let unusable = |source: std::io::Error| {
            Error::new(
                ErrorKind::Configuration,
                "The blocking client cannot start its thread",
            )
            .with_source(source)
        };
        let (life, end_of_life) = oneshot::channel::<()>();
        let (tell, told) = mpsc::sync_channel(1);
        thread::Builder::new()
            .name("pos-system-api".to_owned())
            // The runtime is made and dropped on its own thread: dropped elsewhere, as when the thread cannot
            // be started, an async program would panic.
            .spawn(move || {
                // Both are heard: whoever starts the thread waits for it.
                match runtime::Builder::new_current_thread().enable_all().build() {
                    Ok(runtime) => {
                        let _ = tell.send(Ok(runtime.handle().clone()));
                        let _ = runtime.block_on(end_of_life);
                    }
                    Err(error) => {
                        let _ = tell.send(Err(error));
                    }
                }
            })
            .map_err(unusable)?;
        let runtime = told.recv().map_err(|_| Self::ended())?.map_err(unusable)?;
        Ok(Self {
            runtime,
            _life: life,
        })
    }

    /// Whether the calling thread may be blocked.
    ///
    /// # Errors
    /// Inside an async runtime, where nothing may block.
    pub(super) fn may_block() -> Result<()> {
        match runtime::Handle::try_current() {
            Ok(_) => Err(Error::new(
                ErrorKind::Configuration,
                "A blocking call inside an async runtime would stop its other tasks; nothing was sent. Use \
                 the async client there",
            )),
            Err(_) => Ok(()),
        }
    }

    /// Runs a future to its end on the thread, and waits for it.
    ///
    /// # Errors
    /// Those of [`may_block`](Self::may_block), and if the thread has ended, which it does not while this
    /// is alive. The future is dropped then.
    pub(super) fn run<F>(&self, future: F) -> Result<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        Self::may_block()?;
        self.begin(future).wait()
    }

    /// Runs a future to its end on the thread, while this one goes on.
    pub(super) fn begin<F>(&self, future: F) -> Running<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (told, result) = mpsc::sync_channel(1);
        let task = self.runtime.spawn(future);
        self.runtime.spawn(async move {
            // Nobody hears it if the wait was given up.
            let _ = told.send(task.await);
        });
        Running(result)
    }

    /// The error of a thread that has ended.
    pub(super) fn ended() -> Error {
        Error::new(
            ErrorKind::Configuration,
            "The thread of the blocking client has ended",
        )
    }

    /// Makes the thread's runtime the one that tasks are spawned on, for as long as the guard lives.
    #[cfg(operation = "sign")]
    pub(super) fn enter(&self) -> runtime::EnterGuard<'_> {
        self.runtime.enter()
    }
}

/// A future that runs on the thread.
pub(super) struct Running<T>(mpsc::Receiver<std::result::Result<T, JoinError>>);

impl<T> Running<T> {
    /// Waits for its end. A panic in it goes on here.
    ///
    /// # Errors
    /// If the thread has ended.
    pub(super) fn wait(self) -> Result<T> {
        match self.0.recv() {
            Ok(Ok(output)) => Ok(output),
            Ok(Err(failed)) if failed.is_panic() => resume_unwind(failed.into_panic()),
            _ => Err(RuntimeThread::ended()),
        }
    }
}

impl fmt::Debug for RuntimeThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RuntimeThread")
    }
}
