/// A certificate for `localhost` that signs itself, and its key. Used by tests only; nothing trusts it.
enum TestCertificate {
    static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBlTCCATugAwIBAgIUSvyGUurZdiMtMU9KqW1i6HpbSqYwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTE0NTAxMloYDzIxMjYxMDI4
        MTQ1MDEyWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAASa04yNoaHtt4/igKk87S/fPB/k6KU/Am43ws6y3gKT47MfL0g1bzMp
        YbB1S1GFwdgo0KB1SlZI86YWJbpgMEneo2kwZzAdBgNVHQ4EFgQUuIgqxHtevBq6
        4/CSOn2F6NrdOSwwHwYDVR0jBBgwFoAUuIgqxHtevBq64/CSOn2F6NrdOSwwDwYD
        VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
        SAAwRQIgCzaYeitLs/Zx6jRaQlNHh29hxlEV2IHT0t1TDmqkv9UCIQDrNbSE8+r5
        iG0NvljI2j6W5bc4lfuVbhN3pH0yuuZcrg==
        -----END CERTIFICATE-----
        """

    static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgLhr2oi6UvhY9Rn4j
        briG7fZR9Z5phYWQDW9U1npWbsihRANCAASa04yNoaHtt4/igKk87S/fPB/k6KU/
        Am43ws6y3gKT47MfL0g1bzMpYbB1S1GFwdgo0KB1SlZI86YWJbpgMEne
        -----END PRIVATE KEY-----
        """
}
