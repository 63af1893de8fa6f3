using System.Net;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Transfer.Ending;

/// <summary>
/// Checks whether the condition of a completion holds. Amazon S3 checks it as it completes; other stores may ignore it, and then
/// this is the only check.
/// </summary>
internal static class Precondition
{
    internal static async Task CheckAsync(IObjectStore store, CompleteInput input, CancellationToken cancellationToken)
    {
        if (input.IfMatch is null && !input.IfNoneMatch)
        {
            return;
        }

        string target = input.Target.ToString();
        FoundObject found;
        try
        {
            found = await store.HeadObjectAsync(
                CopySource.OfUpload(input.Target.BucketName, input.Target.Key, input.Target.CustomerKey),
                cancellationToken);
        }
        catch (S3ServiceException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            if (input.IfMatch is not null)
            {
                string message = $"The upload of '{target}' was not completed: no object is there to have the ETag {input.IfMatch}.";
                throw e.With(recommendedAction: null, message, "NoSuchKey");
            }

            return;
        }
        catch (S3MultipartException)
        {
            // A caller that may write need not be allowed to read properties. Then the store decides.
            return;
        }

        if (input.IfNoneMatch)
        {
            throw Failure.ConditionFailed(target, "an object has the key already");
        }

        if (!ETags.AreEqual(found.ETag, input.IfMatch!))
        {
            throw Failure.ConditionFailed(target, $"the object that has the key has the ETag {found.ETag}, not {input.IfMatch}");
        }
    }
}
