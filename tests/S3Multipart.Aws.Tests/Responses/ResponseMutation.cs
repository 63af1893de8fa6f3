using System.Globalization;
using System.Text;

namespace S3Multipart.Aws.Tests.Responses;

/// <summary>Good responses, and what a seed makes of them.</summary>
internal sealed class ResponseMutation(int seed)
{
    private const string Upload = "<Upload><Key>a%2Fb</Key><UploadId>u1</UploadId><Initiated>2026-01-01T00:00:00.000Z</Initiated>"
        + "<Owner><ID>1</ID><DisplayName>o</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Upload>";

    private const string Part = "<Part><PartNumber>1</PartNumber>"
        + "<ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><Size>5242880</Size>"
        + "<ChecksumCRC64NVME>AAAAAAAAAAA=</ChecksumCRC64NVME><LastModified>2026-01-01T00:00:00.000Z</LastModified></Part>";

    private static readonly string[] s_bodies =
    [
        "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>k</Key><UploadId>u1</UploadId></InitiateMultipartUploadResult>",
        "<ListMultipartUploadsResult><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><NextKeyMarker>a</NextKeyMarker>"
            + $"<NextUploadIdMarker>u1</NextUploadIdMarker>{Upload}{Upload}"
            + "<CommonPrefixes><Prefix>p/</Prefix></CommonPrefixes></ListMultipartUploadsResult>",
        $"<ListPartsResult><IsTruncated>true</IsTruncated><NextPartNumberMarker>2</NextPartNumberMarker>{Part}{Part}</ListPartsResult>",
        "<CompleteMultipartUploadResult><Location>l</Location><ETag>\"e-1\"</ETag>"
            + "<ChecksumCRC32>AAAAAA==</ChecksumCRC32></CompleteMultipartUploadResult>",
        "<CopyPartResult><ETag>e</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></CopyPartResult>",
        "<ListAllMyBucketsResult><Owner><ID>1</ID></Owner><Buckets><Bucket><Name>b</Name><BucketRegion>eu-west-1</BucketRegion></Bucket>"
            + "</Buckets><ContinuationToken>t</ContinuationToken></ListAllMyBucketsResult>",
        "<LifecycleConfiguration><Rule><ID>r</ID><Filter><And><Prefix>p/</Prefix></And></Filter><Status>Enabled</Status>"
            + "<AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>"
            + "</LifecycleConfiguration>",
        "<Error><Code>SlowDown</Code><Message>m</Message><RequestId>r</RequestId><Region>eu-west-1</Region></Error>",
        "",
    ];

    private static readonly string[] s_headers =
    [
        "ETag: \"d41d8cd98f00b204e9800998ecf8427e\"", "x-amz-request-id: r", "x-amz-id-2: h", "x-amz-version-id: v",
        "Date: Thu, 01 Jan 2026 00:00:00 GMT", "x-amz-bucket-region: eu-west-1", "x-amz-abort-date: Thu, 01 Jan 2026 00:00:00 GMT",
        "x-amz-expiration: expiry-date=\"Thu, 01 Jan 2026 00:00:00 GMT\", rule-id=\"r\"", "x-amz-checksum-crc64nvme: AAAAAAAAAAA=",
        "x-amz-server-side-encryption: aws:kms", "Content-Type: application/xml", "Location: http://127.0.0.1:1/",
    ];

    private static readonly string[] s_tokens =
    [
        "<", ">", "</", "/>", "<a>", "<Part>", "</Part>", "&", "&#0;", "&#x1b;", "&amp;", "&e;", "<![CDATA[", "]]>", "<!--", "-->",
        "<?x?>",
        "<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/hostname\">]>", "\0", "\u001b[2J", "\u202e", "\ufeff", "-1", "0", "10001",
        "99999999999999999999999", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+14:00", "NaN", "true", " ", "\r\n", "\r\n\r\n", ":",
        "%", "%00", "%ZZ",
        "xmlns=\"x\"", "<x:y>", "\"", "'", "Transfer-Encoding: chunked\r\n", "Content-Length: 1\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
    ];

    private static readonly int[] s_statuses =
        [200, 200, 200, 200, 204, 206, 301, 307, 400, 403, 404, 409, 412, 413, 429, 500, 503, 600, 999];

    private readonly Random _random = new(seed);

    internal int Status => field == 0 ? field = s_statuses[_random.Next(s_statuses.Length)] : field;

    internal IReadOnlyList<string> Headers => field ??=
        [.. s_headers.Where(_ => _random.Next(3) > 0).Select(header => _random.Next(4) == 0 ? Text(Mutate(Bytes(header))) : header)];

    internal byte[] Body => field ??= Mutate(Bytes(s_bodies[_random.Next(s_bodies.Length)]));

    /// <summary>The response as it goes over a connection.</summary>
    internal byte[] Wire()
    {
        string length = _random.Next(8) == 0 ? _random.NextInt64(-5, 1000).ToString(CultureInfo.InvariantCulture) : $"{Body.Length}";
        string head = $"HTTP/1.1 {Status} OK\r\n{string.Join("\r\n", Headers)}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n";
        byte[] headBytes = Bytes(head);
        return [.. _random.Next(2) == 0 ? Mutate(headBytes) : headBytes, .. Body];
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);

    private byte[] Mutate(byte[] bytes)
    {
        List<byte> made = [.. bytes];
        for (int left = _random.Next(7); left > 0; left--)
        {
            int at = _random.Next(made.Count + 1);
            int count = Math.Min(_random.Next(40), made.Count - at);
            switch (_random.Next(7))
            {
                case 0 when at < made.Count:
                    made[at] = (byte)_random.Next(256);
                    break;
                case 1:
                    made.RemoveRange(at, count);
                    break;
                case 2:
                    made.InsertRange(_random.Next(made.Count + 1), made.GetRange(at, count));
                    break;
                case 3:
                    made.RemoveRange(at, made.Count - at);
                    break;
                case 4:
                    // Now and then a flood of the same, for what grows with the square.
                    byte[] token = Bytes(s_tokens[_random.Next(s_tokens.Length)]);
                    int times = _random.Next(50) == 0 ? 200_000 / token.Length : _random.Next(1, 60);
                    made.InsertRange(at, Enumerable.Repeat(token, times).SelectMany(one => one));
                    break;
                default:
                    made.InsertRange(at, Bytes(s_tokens[_random.Next(s_tokens.Length)]));
                    break;
            }
        }

        return [.. made];
    }
}
