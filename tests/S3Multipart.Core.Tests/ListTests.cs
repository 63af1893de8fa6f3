using System.Net;
using S3Multipart.Core.Engine;
using S3Multipart.Core.Errors;
using S3Multipart.Core.Inputs;
using S3Multipart.Core.Text;
using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Tests;

public sealed class ListTests
{
    [Fact]
    public async Task A_list_whose_markers_go_round_ends_as_an_invalid_answer()
    {
        int asked = 0;
        FakeStore store = new()
        {
            OnList = _ => new UploadPage
            {
                Uploads = [],
                IsTruncated = true,
                NextKeyMarker = ++asked % 2 == 0 ? "b" : "a",
                NextUploadIdMarker = "u",
            },
        };
        S3MultipartException broken = await Assert.ThrowsAsync<S3MultipartException>(async () =>
        {
            await foreach (UploadPage page in UploadList.PagesAsync(store, new UploadQuery { BucketName = "b" }, CancellationToken.None))
            {
                Assert.True(asked < 10, "The list went on.");
            }
        });
        Assert.Equal("ResponseInvalid", broken.ErrorId);
        Assert.NotNull(broken.RecommendedAction);
        Assert.Equal(3, asked);
    }

    [Fact]
    public async Task A_list_of_buckets_goes_on_to_its_end_and_not_round()
    {
        FakeStore store = new() { OnListBuckets = marker => new BucketPage([new(marker ?? "a", null)], marker is null ? "b" : null) };
        List<string> names = [];
        await foreach (IReadOnlyList<ListedBucket> page in BucketList.PagesAsync(store, CancellationToken.None))
        {
            names.AddRange(page.Select(bucket => bucket.Name));
        }

        Assert.Equal(["a", "b"], names);
        store.OnListBuckets = _ => new BucketPage([], "again");
        S3MultipartException broken = await Assert.ThrowsAsync<S3MultipartException>(async () =>
        {
            await foreach (IReadOnlyList<ListedBucket> page in BucketList.PagesAsync(store, CancellationToken.None))
            {
                Assert.Empty(page);
            }
        });
        Assert.Equal("ResponseInvalid", broken.ErrorId);
    }

    [Theory]
    [InlineData("AccessDenied", 403, true)]
    [InlineData("NotImplemented", 501, true)]
    [InlineData("MethodNotAllowed", 405, true)]
    [InlineData("InternalError", 500, false)]
    public async Task Rules_that_may_not_be_read_are_unknown_and_a_failure_is_one(string code, int status, bool isUnknown)
    {
        FakeStore store = new()
        {
            OnAbortRules = _ => throw S3ServiceException.Create(new(code, (HttpStatusCode)status), FailureKind.InvalidOperation, "no"),
        };
        Task<AbortRules?> found = BucketList.FindAbortRulesAsync(store, "b", CancellationToken.None);
        if (isUnknown)
        {
            Assert.Null(await found);
        }
        else
        {
            _ = await Assert.ThrowsAsync<S3ServiceException>(() => found);
        }
    }

    [Theory]
    [InlineData("bucket", "u1")]
    [InlineData("bucket--usw2-az1--x-s3", null)]
    public async Task A_directory_bucket_is_sent_no_upload_id_marker(string bucket, string? expected)
    {
        List<UploadQuery> asked = [];
        FakeStore store = new()
        {
            OnList = query =>
            {
                asked.Add(query);
                return new UploadPage { Uploads = [], IsTruncated = asked.Count == 1, NextKeyMarker = "k", NextUploadIdMarker = "u1" };
            },
        };
        await foreach (UploadPage page in UploadList.PagesAsync(store, new UploadQuery { BucketName = bucket }, CancellationToken.None))
        {
            Assert.NotNull(page);
        }

        Assert.Equal(2, asked.Count);
        Assert.Equal(("k", expected), (asked[1].KeyMarker, asked[1].UploadIdMarker));
    }

    [Fact]
    public void A_text_from_elsewhere_is_shown_without_what_a_terminal_or_a_reader_would_obey()
    {
        Assert.Equal("a\uFFFD[2J\uFFFDb\uFFFDc", PlainText.Of("a\u001b[2J\u009bb\u202Ec"));
        Assert.Equal("שלום\u200F", PlainText.Of("שלום\u200F"));
        Assert.Equal("a b", PlainText.Line("a\r\nb"));
        Assert.Equal("two lines\uFFFD", new S3MultipartException("Id", FailureKind.InvalidData, "two\nlines\u001b").Message);
    }
}
