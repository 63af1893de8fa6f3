using System.Xml.Linq;
using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Buckets;

/// <summary>How the operations on a bucket's settings read their XML and store what changes.</summary>
internal static class BucketSettings
{
    /// <summary>Reads the XML, which S3 demands to come with a digest.</summary>
    public static async Task<XElement> ReadAsync(S3Request request, string rootName)
    {
        using BodyDigests digests = BodyDigests.FromRequest(request);
        if (!digests.HasContentMd5 && !digests.SentByClient)
            throw S3Errors.InvalidRequest("Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        byte[] body = await request.Body.ReadAllAsync();
        digests.Start(needMd5: false, required: null);
        digests.Append(body);
        digests.Verify(request.Body);
        return XmlText.Parse(body, rootName);
    }

    public static S3Response Change(Bucket bucket, Func<BucketRecord, BucketRecord> change)
    {
        lock (bucket.Gate)
            bucket.Save(change(bucket.Record));
        return S3Response.Empty();
    }
}
