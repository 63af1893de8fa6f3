using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Transfer;

namespace S3Multipart.Benchmark;

/// <summary>
/// The SDK's TransferUtility, the engine of Write-S3Object. With its defaults nothing but the endpoint is set; tuned, it sends no
/// checksums, reads through larger buffers, takes the part size and the throttle requested, and over https leaves payloads unsigned.
/// </summary>
internal static class TransferUtilityClient
{
    internal static async Task RunAsync(UploadOptions options)
    {
        AmazonS3Config config = new()
        {
            ServiceURL = options.Endpoint.ToString(),
            ForcePathStyle = true,
            AuthenticationRegion = UploadOptions.Region,
        };
        TransferUtilityConfig transfer = new();
        if (options.IsTuned)
        {
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.BufferSize = 256 * 1024;
            transfer.ConcurrentServiceRequests = options.Throttle;
            transfer.MinSizeBeforePartUpload = options.PartSize;
        }

        using AmazonS3Client client = new(new BasicAWSCredentials(UploadOptions.AccessKey, UploadOptions.SecretKey), config);
        using TransferUtility utility = new(client, transfer);
        if (options.Stream is { } path)
        {
            using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
            TransferUtilityUploadRequest request =
                new() { BucketName = options.Bucket, Key = UploadOptions.StreamKey, InputStream = stream };
            await utility.UploadAsync(Tune(request, options));
        }
        else if (options.Folder is { } folder && options.Files.Count > 1)
        {
            TransferUtilityUploadDirectoryRequest request = new()
            {
                BucketName = options.Bucket,
                Directory = folder,
                UploadFilesConcurrently = true,
            };
            request.UploadDirectoryFileRequestEvent += (_, e) => Tune(e.UploadRequest, options);
            await utility.UploadDirectoryAsync(request);
        }
        else
        {
            foreach (string file in options.Files)
            {
                TransferUtilityUploadRequest request = new() { BucketName = options.Bucket, Key = Path.GetFileName(file), FilePath = file };
                await utility.UploadAsync(Tune(request, options));
            }
        }
    }

    private static TransferUtilityUploadRequest Tune(TransferUtilityUploadRequest request, UploadOptions options)
    {
        if (options.IsTuned)
        {
            request.PartSize = options.PartSize;
        }

        if (options.IsUnsigned)
        {
            request.DisablePayloadSigning = true;
        }

        return request;
    }
}
