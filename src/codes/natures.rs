//! Natures of VAT that one country defines for itself.
//!
//! The country has to stand in the case, or follow from the cash box. Countries without a module here
//! have those of [`NatureOfVat`] alone.

use super::market::market_cases;
use super::{Country, NatureOfVat};

market_cases! {
    NatureOfVat: u8;

    /// Spain. Numbered as the signing units read it; older tables have other meanings for `2x` and `3x`.
    es, ES {
        /// Exports (E2).
        EXPORTS = 0x10, "Exports";
        /// Goods to another member state (E5).
        INTRA_COMMUNITY_DELIVERY = 0x11, "IntraCommunityDelivery";
        /// What counts as an export (E3).
        TRANSACTIONS_TREATED_AS_EXPORTS = 0x13, "TransactionsTreatedAsExports";
        /// Customs and tax warehouses and the like (E4).
        CUSTOMS_AND_TAX_EXEMPTIONS = 0x14, "CustomsAndTaxExemptions";
        /// Supplied elsewhere (N2).
        NOT_SUBJECT_LOCATION_RULES = 0x20, "NotSubjectLocationRules";
        /// Articles 7 and 14 and others (N1).
        NOT_SUBJECT_ARTICLE_7_AND_14 = 0x21, "NotSubjectArticle7And14";
        /// Article 20, inland (E1).
        EXEMPTED_DOMESTIC = 0x30, "ExemptedDomestic";
        /// Any other exemption (E6).
        OTHER_EXEMPTIONS = 0x31, "OtherExemptions";
        /// The buyer owes the VAT (S2).
        REVERSE_CHARGE = 0x50, "ReverseCharge";
        /// IPSI, IGIC or another tax instead.
        FOREIGN_TAX_APPLIES = 0x60, "ForeignTaxApplies";
        /// For the account of a third party.
        EXCLUDED_THIRD_PARTY = 0x80, "ExcludedThirdParty";
    }

    /// Greece, with the number of the reason in myDATA.
    gr, GR {
        /// Article 33, to other member states (14).
        NOT_TAXABLE_INTRA_COMMUNITY_SUPPLIES = 0x11, "NotTaxableIntraCommunitySupplies";
        /// Article 29, exports (8).
        NOT_TAXABLE_EXPORT_OUTSIDE_EU = 0x12, "NotTaxableExportOutsideEu";
        /// Article 29, tax-free shopping of travellers (28).
        NOT_TAXABLE_TAX_FREE_RETAIL = 0x13, "NotTaxableTaxFreeRetail";
        /// Article 45, the buyer owes the VAT (16).
        NOT_TAXABLE_RECEIVER_PAYS = 0x14, "NotTaxableReceiverPays";
        /// Article 24, such as tickets and newspapers (6).
        NOT_TAXABLE_ARTICLE_24 = 0x15, "NotTaxableArticle24";
        /// Article 27, such as medicine, insurance and banking (7).
        NOT_TAXABLE_ARTICLE_27 = 0x16, "NotTaxableArticle27";
        /// Article 50, travel agencies (20).
        EXEMPT_TRAVEL_AGENCIES = 0x31, "ExemptTravelAgencies";
        /// Article 30, customs regimes (9).
        EXEMPT_CUSTOMS_REGIMES = 0x32, "ExemptCustomsRegimes";
        /// Article 44, small businesses (15).
        EXEMPT_SMALL_BUSINESSES = 0x33, "ExemptSmallBusinesses";
        /// Article 41, farmers (18).
        EXEMPT_FARMERS = 0x34, "ExemptFarmers";
        /// Any other exemption (27).
        EXEMPT_OTHER_CASES = 0x35, "ExemptOtherCases";
        /// Article 51, tobacco (21). In the tables only.
        EXEMPT_MANUFACTURED_TOBACCO = 0x36, "ExemptManufacturedTobacco";
        /// Article 52, used goods, art and collections (22).
        MARGIN_SCHEME_TAXABLE_RESELLERS = 0x41, "MarginSchemeTaxableResellers";
        /// Article 53, auctions (23). In the tables only.
        MARGIN_SCHEME_PUBLIC_AUCTION = 0x42, "MarginSchemePublicAuction";
        /// Article 54, investment gold (19).
        INVESTMENT_GOLD = 0x51, "InvestmentGold";
        /// Article 17, goods that are elsewhere when sold (3).
        GOODS_OUTSIDE_GREECE = 0x61, "GoodsOutsideGreece";
        /// Article 18, services taxed elsewhere (4).
        SERVICES_OUTSIDE_GREECE = 0x62, "ServicesOutsideGreece";
        /// Article 56, one-stop shop from outside the union (29). In the tables only.
        OSS_NON_UNION_SCHEME = 0x63, "OssNonUnionScheme";
        /// Article 57, one-stop shop within the union (30). In the tables only.
        OSS_UNION_SCHEME = 0x64, "OssUnionScheme";
        /// Article 58, one-stop shop for imports (31). In the tables only.
        IOSS = 0x65, "Ioss";
        /// Articles 2 and 3, outside of VAT (1).
        EXCLUDED_ARTICLE_2_AND_3 = 0x81, "ExcludedArticle2And3";
        /// Article 5, a business changes hands (2).
        EXCLUDED_BUSINESS_TRANSFER = 0x82, "ExcludedBusinessTransfer";
        /// Article 31, tax warehouses (10).
        EXCLUDED_TAX_WAREHOUSES = 0x83, "ExcludedTaxWarehouses";
        /// Article 32, embassies and international bodies (11).
        EXCLUDED_DIPLOMATIC = 0x84, "ExcludedDiplomatic";
        /// Article 32, ships of certain kinds (12).
        EXCLUDED_QUALIFYING_VESSELS = 0x85, "ExcludedQualifyingVessels";
        /// Article 32, supplies of ships and aircraft (13).
        EXCLUDED_VESSEL_SUPPLIES = 0x86, "ExcludedVesselSupplies";
        /// Duty-free shops (25).
        EXCLUDED_DUTY_FREE_SHOPS = 0x87, "ExcludedDutyFreeShops";
        /// Goods on their way abroad (26).
        EXCLUDED_GOODS_FOR_EXPORT = 0x88, "ExcludedGoodsForExport";
    }

    /// Italy, with the letter and number of the nature.
    it, IT {
        /// Exports (N3).
        NOT_TAXABLE_EXPORTS = 0x10, "NotTaxableExports";
        /// To other member states (N3).
        NOT_TAXABLE_INTRA_COMMUNITY = 0x11, "NotTaxableIntraCommunity";
        /// To San Marino (N3).
        NOT_TAXABLE_SAN_MARINO = 0x12, "NotTaxableSanMarino";
        /// What counts as an export (N3).
        NOT_TAXABLE_ASSIMILATED_EXPORTS = 0x13, "NotTaxableAssimilatedExports";
        /// On the buyer's declaration of intent (N3).
        NOT_TAXABLE_DECLARATION_OF_INTENT = 0x14, "NotTaxableDeclarationOfIntent";
        /// Any other, outside of the plafond (N3).
        NOT_TAXABLE_OTHER = 0x15, "NotTaxableOther";
        /// Articles 7 to 7-septies (N2).
        NOT_SUBJECT_ARTICLE_7 = 0x20, "NotSubjectArticle7";
        /// Not subject for any other reason (N2).
        NOT_SUBJECT_OTHER = 0x21, "NotSubjectOther";
        /// Exempt (N4).
        EXEMPT = 0x30, "Exempt";
        /// Margin scheme (N5).
        MARGIN_SCHEME = 0x40, "MarginScheme";
        /// Scrap (N6).
        REVERSE_CHARGE_SCRAP = 0x50, "ReverseChargeScrap";
        /// Gold, silver and used jewellery (N6).
        REVERSE_CHARGE_GOLD_SILVER = 0x51, "ReverseChargeGoldSilver";
        /// Subcontractors in construction (N6).
        REVERSE_CHARGE_CONSTRUCTION_SUBCONTRACTING =
            0x52, "ReverseChargeConstructionSubcontracting";
        /// Buildings (N6).
        REVERSE_CHARGE_BUILDINGS = 0x53, "ReverseChargeBuildings";
        /// Mobile phones (N6).
        REVERSE_CHARGE_MOBILE_PHONES = 0x54, "ReverseChargeMobilePhones";
        /// Electronics (N6).
        REVERSE_CHARGE_ELECTRONICS = 0x55, "ReverseChargeElectronics";
        /// Construction and what belongs to it (N6).
        REVERSE_CHARGE_CONSTRUCTION_SECTOR = 0x56, "ReverseChargeConstructionSector";
        /// Energy (N6).
        REVERSE_CHARGE_ENERGY = 0x57, "ReverseChargeEnergy";
        /// Any other case (N6).
        REVERSE_CHARGE_OTHER = 0x58, "ReverseChargeOther";
        /// Taxed in another member state (N7).
        VAT_PAID_IN_OTHER_EU_COUNTRY = 0x60, "VatPaidInOtherEuCountry";
        /// Takings of goods whose VAT is worked out later (VI).
        VAT_DISTRIBUTION = 0x70, "VatDistribution";
        /// Article 15 (N1).
        EXCLUDED = 0x80, "Excluded";
    }

    /// Portugal: exemption codes. `M16` is written `0x16`: the digits of the code, not its number.
    pt, PT {
        /// CIVA article 16(6).
        M01 = 0x01, "TaxExemptionM01";
        /// Decree-law 198/90, article 6.
        M02 = 0x02, "TaxExemptionM02";
        /// CIVA article 13.
        M04 = 0x04, "TaxExemptionM04";
        /// CIVA article 14.
        M05 = 0x05, "TaxExemptionM05";
        /// CIVA article 15.
        M06 = 0x06, "TaxExemptionM06";
        /// CIVA article 9.
        M07 = 0x07, "TaxExemptionM07";
        /// CIVA article 62(b), without deduction.
        M09 = 0x09, "TaxExemptionM09";
        /// CIVA article 57.
        M10 = 0x10, "TaxExemptionM10";
        /// Tobacco, decree-law 346/85.
        M11 = 0x11, "TaxExemptionM11";
        /// Margin scheme of travel agencies.
        M12 = 0x12, "TaxExemptionM12";
        /// Margin scheme of used goods.
        M13 = 0x13, "TaxExemptionM13";
        /// Margin scheme of art.
        M14 = 0x14, "TaxExemptionM14";
        /// Margin scheme of collections and antiques.
        M15 = 0x15, "TaxExemptionM15";
        /// RITI article 14.
        M16 = 0x16, "TaxExemptionM16";
        /// Other exemptions for a time.
        M19 = 0x19, "TaxExemptionM19";
        /// CIVA article 59-D(2), flat rate.
        M20 = 0x20, "TaxExemptionM20";
        /// CIVA article 72(4), without deduction.
        M21 = 0x21, "TaxExemptionM21";
        /// CIVA article 38(1)(a), goods on consignment.
        M25 = 0x25, "TaxExemptionM25";
        /// Law 17/2023, basic food, with deduction.
        M26 = 0x26, "TaxExemptionM26";
        /// CIVA article 2(1)(i): the buyer owes the VAT.
        M30 = 0x30, "TaxExemptionM30";
        /// CIVA article 2(1)(j): the buyer owes the VAT.
        M31 = 0x31, "TaxExemptionM31";
        /// CIVA article 2(1)(l): the buyer owes the VAT.
        M32 = 0x32, "TaxExemptionM32";
        /// CIVA article 2(1)(m): the buyer owes the VAT.
        M33 = 0x33, "TaxExemptionM33";
        /// CIVA article 2(1)(n): the buyer owes the VAT.
        M34 = 0x34, "TaxExemptionM34";
        /// CIVA article 6(6)(a) the other way round: the buyer owes the VAT.
        M40 = 0x40, "TaxExemptionM40";
        /// RITI article 8(3): the buyer owes the VAT.
        M41 = 0x41, "TaxExemptionM41";
        /// Decree-law 21/2007: the buyer owes the VAT.
        M42 = 0x42, "TaxExemptionM42";
        /// Decree-law 362/99: the buyer owes the VAT.
        M43 = 0x43, "TaxExemptionM43";
        /// Not subject or not taxed for any other reason.
        M99 = 0x99, "TaxExemptionM99";
    }
}

/// The name of a nature in a country. Those with a table of their own know no other name but the usual.
pub(super) fn name_in(country: Option<Country>, nature: NatureOfVat) -> Option<&'static str> {
    match country {
        Some(country) if nature != NatureOfVat::USUAL && names(country).is_some() => {
            name(country, nature.value())
        }
        _ => nature.common_name(),
    }
}
