namespace S3Multipart.Store;

/// <summary>What the private load context hands out: the one door between this module and the AWS SDK.</summary>
internal interface IObjectStoreFactory
{
    /// <summary>Makes a store. Sends nothing; credentials are looked up with the first request.</summary>
    S3Connection Connect(ConnectionSettings settings);
}
