using System.Collections;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Transfer;
using S3Multipart.Transfer.Sources;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Aws.Tests.Responses;

/// <summary>
/// Responses that no server should give, by seed: whatever comes, a request ends soon, in a result or in a failure of the module's own, in
/// bounded memory, with no text that a terminal obeys. S3MULTIPART_FUZZ_SEEDS has more of them, S3MULTIPART_FUZZ_FIRST others.
/// </summary>
public sealed class ResponseFuzzTests
{
    private const int Operations = 10;
    private const long MostBytes = 256 << 20;

    /// <summary>What is exact because it goes back to S3 or is compared, and made plain where it is shown.</summary>
    private static readonly string[] s_exact = ["Key", "CommonPrefixes", "NextKeyMarker", "NextUploadIdMarker", "NextMarker", "Prefixes"];

    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(1);
    private static readonly UploadTarget s_target = new("bucket", "key", "upload");

    private static int First => Number("S3MULTIPART_FUZZ_FIRST", 1);

    private static int Seeds => Number("S3MULTIPART_FUZZ_SEEDS", 4000);

    [Fact]
    public async Task No_response_breaks_the_reader()
    {
        using HttpMessageInvoker http = new(new Responding());
        IObjectStore store = Connect(new AwsEngine { Http = http }, "http://127.0.0.1:1");
        for (int seed = First; seed < First + Seeds; seed++)
        {
            ResponseMutation response = new(seed);
            Responding.Next = response;
            await CheckAsync(store, seed);
        }
    }

    [Fact]
    public async Task No_response_on_a_connection_breaks_the_reader()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        IObjectStore store = Connect(new AwsEngine(), $"http://{listener.LocalEndpoint}");
        for (int seed = First; seed < First + (Seeds / 10); seed++)
        {
            byte[] wire = new ResponseMutation(seed).Wire();
            using CancellationTokenSource end = new();
            Task serving = ServeAsync(listener, wire, end.Token);
            await CheckAsync(store, seed);
            await end.CancelAsync();
            await serving;
        }
    }

    private static int Number(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? number
            : otherwise;

    private static IObjectStore Connect(AwsEngine engine, string url)
    {
        ConnectionSettings settings = new()
        {
            Keys = new AwsKeys("AccessKey", "SecretKeyOfTheTest", null),
            Region = "us-east-1",
            EndpointUrl = url,
            MaxRetry = 0,
            Timeout = TimeSpan.FromSeconds(5),
        };
        return ((StoreConnection)engine.Connect(settings)).StoreWith(settings.Limits.Timeout, _ => { });
    }

    /// <summary>Responds on each connection, until it is told to end, because what is recovered is requested again.</summary>
    private static async Task ServeAsync(TcpListener listener, byte[] wire, CancellationToken end)
    {
        try
        {
            while (true)
            {
                using Socket client = await listener.AcceptSocketAsync(end);
                _ = await client.ReceiveAsync(new byte[64 * 1024], end);
                _ = await client.SendAsync(wire, end);
                client.Shutdown(SocketShutdown.Send);
                _ = await client.ReceiveAsync(new byte[1], end);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }
    }

    private static async Task CheckAsync(IObjectStore store, int seed)
    {
        // A machine that is busy with other things may stop any test for a second, but hardly the same one three times.
        TimeSpan took = TimeSpan.MaxValue;
        for (int tries = 0; tries < 3 && took > s_longest; tries++)
        {
            long before = GC.GetTotalAllocatedBytes();
            long start = Stopwatch.GetTimestamp();
            try
            {
                object? result = await SendAsync(store, seed);
                AssertPlain(result, seed);
            }
            catch (S3MultipartException e)
            {
                AssertPlain($"{e.ErrorId} {e.Message} {e.RecommendedAction} {(e as S3ServiceException)?.RequestId}", seed);
            }
            catch (Exception e) when (e is not Xunit.Sdk.XunitException)
            {
                Assert.Fail($"Seed {seed} ended in {e}");
            }

            took = Stopwatch.GetElapsedTime(start);
            Assert.True(GC.GetTotalAllocatedBytes() - before < MostBytes, $"Seed {seed} took more than {MostBytes} bytes.");
        }

        Assert.True(took <= s_longest, $"Seed {seed} took {took}.");
    }

    private static async Task<object?> SendAsync(IObjectStore store, int seed)
    {
        CancellationToken none = CancellationToken.None;
        CopySource source = new("bucket", "source", null);
        BufferPartBody body = new(new byte[4]);
        StoredPart part = new() { PartNumber = 1, Size = 4, ETag = "\"e\"" };
        return (seed % Operations) switch
        {
            0 => await store.CreateMultipartUploadAsync(new CreateInput { BucketName = "bucket", Key = "key" }, none),
            1 => await store.UploadPartAsync(
                new PartInput { Target = s_target, PartNumber = 1, Body = body, ChecksumAlgorithm = "CRC64NVME" },
                none),
            2 => await store.UploadPartCopyAsync(
                new PartCopyInput { Target = s_target, PartNumber = 1, Source = source, SourceETag = "\"e\"", Size = 4 }, none),
            3 => await store.CompleteMultipartUploadAsync(new CompleteInput { Target = s_target, Parts = [part], Size = 4 }, none),
            4 => await store.AbortMultipartUploadAsync(s_target, null, none),
            5 => await store.ListPartsAsync(s_target, 0, none),
            6 => await store.ListMultipartUploadsAsync(new UploadQuery { BucketName = "bucket" }, none),
            7 => await store.ListBucketsAsync(null, none),
            8 => await store.GetAbortRulesAsync("bucket", none),
            _ => await store.HeadObjectAsync(source, none),
        };
    }

    private static void AssertPlain(object? value, int seed, string name = "")
    {
        switch (value)
        {
            case null or ValueType:
                break;
            case string text:
                Assert.True(s_exact.Contains(name) || PlainText.Of(text) == text, $"Seed {seed}: {name} is not plain.");
                break;
            case IEnumerable items:
                foreach (object item in items)
                {
                    AssertPlain(item, seed, name);
                }

                break;
            default:
                BindingFlags all = BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public;
                foreach (PropertyInfo property in value.GetType().GetProperties(all).Where(property => property.Name != "EqualityContract"))
                {
                    AssertPlain(property.GetValue(value), seed, property.Name);
                }

                break;
        }
    }

    /// <summary>Responds without a network.</summary>
    private sealed class Responding : HttpMessageHandler
    {
        internal static ResponseMutation? Next { get; set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.Content is not null)
            {
                await request.Content.CopyToAsync(Stream.Null, cancellationToken);
            }

            HttpResponseMessage response = new((HttpStatusCode)Next!.Status) { Content = new ByteArrayContent(Next.Body) };
            foreach (string[] header in Next.Headers.Select(header => header.Split(':', 2)).Where(header => header.Length == 2))
            {
                _ = response.Headers.TryAddWithoutValidation(header[0], header[1].Trim());
            }

            return response;
        }
    }
}
