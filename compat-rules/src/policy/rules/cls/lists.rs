//! Names of fields that usually hold what has to be protected, in several languages, each in snake case.
//!
//! A list holds names that are rarely anything else. `name` alone, or `title`, is not among them.

use schemars::JsonSchema;
use serde::Deserialize;

/// A list of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum List {
    /// How a person is reached.
    Contact,
    /// Who a person is.
    Identity,
    /// Money and accounts.
    Finance,
    /// The body and its state.
    Health,
    /// Where a person is.
    Location,
    /// What opens doors.
    Credentials,
}

impl List {
    /// Every list.
    pub(super) const ALL: [Self; 6] = [
        Self::Contact,
        Self::Identity,
        Self::Finance,
        Self::Health,
        Self::Location,
        Self::Credentials,
    ];

    /// The word for it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Identity => "identity",
            Self::Finance => "finance",
            Self::Health => "health",
            Self::Location => "location",
            Self::Credentials => "credentials",
        }
    }

    /// Its names, divided by spaces.
    pub(super) const fn names(self) -> &'static str {
        match self {
            Self::Contact => CONTACT,
            Self::Identity => IDENTITY,
            Self::Finance => FINANCE,
            Self::Health => HEALTH,
            Self::Location => LOCATION,
            Self::Credentials => CREDENTIALS,
        }
    }
}

const CONTACT: &str = "email e_mail email_address mail_address phone phone_number telephone telephone_number mobile_number \
    cell_phone fax fax_number street street_address home_address postal_address mailing_address \
    telefon telefonnummer handynummer mobilnummer strasse anschrift postanschrift \
    courriel adresse_email telephone_portable adresse_postale rue \
    correo correo_electronico telefono domicilio direccion_postal indirizzo indirizzo_email \
    endereco telefone emailadres telefoonnummer straatnaam";

const IDENTITY: &str = "first_name firstname given_name last_name lastname surname family_name full_name fullname maiden_name \
    middle_name date_of_birth birth_date birthdate birthday dob place_of_birth ssn social_security_number passport \
    passport_number national_id identity_number drivers_license driver_license_number tax_id nationality ethnicity religion \
    vorname nachname familienname geburtsname geburtsdatum geburtsort ausweisnummer personalausweis steuernummer steuer_id \
    sozialversicherungsnummer prenom nom_de_famille date_de_naissance lieu_de_naissance numero_de_securite_sociale \
    nombre_completo apellido apellidos fecha_de_nacimiento dni nie codice_fiscale cognome data_di_nascita \
    sobrenome data_de_nascimento cpf voornaam achternaam geboortedatum bsn";

const FINANCE: &str = "iban bic account_number bank_account bank_account_number routing_number sort_code card_number credit_card \
    credit_card_number cvv cvc pan salary income credit_score \
    kontonummer bankverbindung kreditkarte kreditkartennummer gehalt einkommen \
    numero_de_compte carte_bancaire salaire numero_de_cuenta tarjeta_de_credito salario \
    numero_di_conto carta_di_credito stipendio rekeningnummer salaris";

const HEALTH: &str = "diagnosis medical_record medical_record_number patient_id medication prescription blood_type disability \
    allergy allergies health_status health_insurance_number \
    diagnose krankenversicherungsnummer patientennummer medikament blutgruppe behinderung \
    diagnostic_medical groupe_sanguin diagnostico grupo_sanguineo diagnosi gruppo_sanguigno bloedgroep";

const LOCATION: &str = "latitude longitude geo_location geolocation gps gps_position ip_address ip_addr client_ip remote_addr \
    mac_address device_id home_location \
    breitengrad laengengrad standort latitud longitud latitudine longitudine breedtegraad lengtegraad";

const CREDENTIALS: &str = "password passwd password_hash pwd secret api_key apikey access_token refresh_token auth_token \
    private_key client_secret pin_code security_answer \
    passwort kennwort mot_de_passe contrasena clave_secreta parola_chiave senha wachtwoord";
