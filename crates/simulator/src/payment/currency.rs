//! The currencies of the API.

const CODES: &str = "\
    EUR CHF CZK HUF BAM DKK RON NOK PLN RSD SEK UAH USD AED AFN ALL AMD ANG AOA ARS AUD AWG AZN \
    BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHW CLF CLP CNY COP \
    COU CRC CUP CVE DJF DOP DZD EGP ERN ETB FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG \
    IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL \
    LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NPR NZD OMR PAB \
    PEN PGK PHP PKR PYG QAR RUB RWF SAR SBD SCR SDG SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL \
    THB TJS TMT TND TOP TRY TTD TWD TZS UGX USN UYI UYU UYW UZS VED VES VND VUV WST XAF XAG XAU \
    XBA XBB XBC XBD XCD XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWL";

/// Without any other word, amounts are in this currency.
const DEFAULT: &str = "EUR";

/// Three capital letters of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Currency(&'static str);

impl Default for Currency {
    fn default() -> Self {
        Self(DEFAULT)
    }
}

impl Currency {
    pub(crate) fn parse(code: &str) -> Option<Self> {
        let mut codes = CODES.split_ascii_whitespace();
        codes.find(|known| *known == code).map(Self)
    }

    pub(crate) fn code(self) -> &'static str {
        self.0
    }

    pub(crate) fn is_default(self) -> bool {
        self.0 == DEFAULT
    }
}
