@{
    Severity     = @('Error', 'Warning')
    ExcludeRules = @(
        # Build and tests speak to whoever watches them.
        'PSAvoidUsingWriteHost'
        # The credentials in tests are the test servers' own.
        'PSAvoidUsingConvertToSecureStringWithPlainText'
        'PSAvoidUsingPlainTextForPassword'
        'PSAvoidUsingUsernameAndPasswordParams'
        # Helpers of the tests change the state of a server that lives as long as a test.
        'PSUseShouldProcessForStateChangingFunctions'
        # Pester's blocks hand variables to each other, which the analyzer does not see.
        'PSUseDeclaredVarsMoreThanAssignments'
        # UTF-8 without a byte order mark, as .editorconfig says.
        'PSUseBOMForUnicodeEncodedFile'
    )
}
