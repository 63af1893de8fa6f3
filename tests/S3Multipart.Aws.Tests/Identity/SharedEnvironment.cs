namespace S3Multipart.Aws.Tests.Identity;

/// <summary>Tests that set variables of the environment, which all tests of this process share; they run when no other does.</summary>
[CollectionDefinition(nameof(SharedEnvironment), DisableParallelization = true)]
public sealed class SharedEnvironment;
