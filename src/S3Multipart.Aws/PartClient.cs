using System.Globalization;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Amazon.S3.Model;
using InternalRequest = Amazon.Runtime.Internal.IRequest;

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
            IRequestContext context = executionContext.RequestContext;
            if (PartSending.Current is { } sending && context.OriginalRequest is UploadPartRequest)
            {
                Describe(context.Request, sending);
            }

            return base.InvokeAsync<T>(executionContext);
        }

        private static void Describe(InternalRequest request, PartSending sending)
        {
            request.PrecomputedContentSha256 = sending.PayloadHash;
            if (sending.TrailingAlgorithm is not null)
            {
                request.Headers["Content-Encoding"] = "aws-chunked";
                request.Headers["Content-Length"] = sending.WireLength.ToString(CultureInfo.InvariantCulture);
                request.Headers["x-amz-decoded-content-length"] = sending.Body.Length.ToString(CultureInfo.InvariantCulture);
                request.Headers["x-amz-trailer"] = sending.TrailerName;
            }
        }
    }
}
