using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Model;

namespace S3Multipart.Aws;

/// <summary>The SDK's client, told before each signing what the body of a part is, so that it need not read it.</summary>
internal sealed class PartClient : AmazonS3Client
{
    internal PartClient(AmazonS3Config config)
        : base(config)
    {
    }

    internal PartClient(AWSCredentials credentials, AmazonS3Config config)
        : base(credentials, config)
    {
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.AddHandlerBefore<Signer>(new BodyDescription());
    }

    private sealed class BodyDescription : PipelineHandler
    {
        public override Task<T> InvokeAsync<T>(IExecutionContext executionContext)
        {
            // Where the checksum follows the bytes, the SDK describes the frame itself and reads nothing until it sends.
            IRequestContext context = executionContext.RequestContext;
            if (PartSending.Current is { TrailingAlgorithm: null } sending && context.OriginalRequest is UploadPartRequest)
            {
                context.Request.PrecomputedContentSha256 = sending.PayloadHash;
            }

            return base.InvokeAsync<T>(executionContext);
        }
    }
}
