using System.Xml.Linq;
using LocalS3.Http;
using LocalS3.Storage;

namespace LocalS3.Operations;

/// <summary>DeleteObjects, which clients use to empty a bucket.</summary>
internal sealed class DeleteObjectsOperation(S3Service service)
{
    public async Task<S3Response> DeleteObjects(S3Request request)
    {
        Bucket bucket = service.Bucket(request);
        XElement root = await SettingsOperations.ReadAsync(request, "Delete");
        List<XElement> objects = [.. root.Elements().Where(e => e.Name.LocalName == "Object")];
        if (objects.Count is 0 or > 1000)
            throw S3Errors.MalformedXml();
        bool bypass = request.Header("x-amz-bypass-governance-retention") == "true";
        bool quiet = SettingsOperations.Value(root, "Quiet") == "true";
        XmlText xml = new XmlText().OpenRoot("DeleteResult");
        foreach (XElement item in objects)
        {
            string key = SettingsOperations.Child(item, "Key")?.Value ?? throw S3Errors.MalformedXml();
            string? versionId = SettingsOperations.Value(item, "VersionId");
            try
            {
                lock (bucket.Gate)
                    ObjectOperations.Delete(bucket, key, versionId, bypass, S3Response.Empty());
                if (!quiet)
                    xml.Open("Deleted").Element("Key", key).Element("VersionId", versionId).Close("Deleted");
            }
            catch (S3Exception error)
            {
                xml.Open("Error").Element("Key", key).Element("VersionId", versionId).Element("Code", error.Code)
                    .Element("Message", error.Message).Close("Error");
            }
        }
        return S3Response.Xml(xml.Close("DeleteResult"));
    }
}
