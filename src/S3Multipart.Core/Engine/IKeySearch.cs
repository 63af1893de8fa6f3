namespace S3Multipart.Core.Engine;

/// <summary>Says of which keys a bucket has no object, by fewer requests than one for each key.</summary>
internal interface IKeySearch
{
    /// <summary>False where no object has the key; true where one has it, or may have it.</summary>
    ValueTask<bool> MayExistAsync(string key, CancellationToken cancellationToken);
}
