using S3Multipart.Transfer.Lists;
using S3Multipart.Transfer.Store;

namespace S3Multipart.Tests;

public sealed class KeySearchTests
{
    private const string Bucket = "bucket";

    private readonly FakeStore _store = new();

    [Fact]
    public async Task The_first_keys_are_looked_at_one_by_one_and_a_list_answers_for_the_others()
    {
        _store.KeyPages.Enqueue(new KeyPage(["p/020", "p/999"], null));
        KeySearch search = new(_store, Bucket, "p/");
        Assert.All(await AskAsync(search, 0, 16), Assert.True);
        Assert.Equal([false, false, false, false, true, false], await AskAsync(search, 16, 6));
        Assert.Empty(_store.KeyPages);
    }

    [Fact]
    public async Task A_list_is_read_no_further_than_the_keys_need_it()
    {
        _store.KeyPages.Enqueue(new KeyPage(["p/017", "p/030"], "more"));
        _store.KeyPages.Enqueue(new KeyPage(["p/031"], null));
        KeySearch search = new(_store, Bucket, "p/");
        _ = await AskAsync(search, 0, 16);
        Assert.Equal([false, true, false], await AskAsync(search, 16, 3));
        Assert.Single(_store.KeyPages);
        Assert.Equal([true, false], await AskAsync(search, 31, 2));
        Assert.Empty(_store.KeyPages);
    }

    [Fact]
    public async Task It_gives_up_where_the_bucket_holds_too_many_other_keys()
    {
        for (int page = 0; page < 20; page++)
        {
            _store.KeyPages.Enqueue(new KeyPage([$"a/{page:000}"], $"token {page}"));
        }

        KeySearch search = new(_store, Bucket, null);
        Assert.All(await AskAsync(search, 0, 30), Assert.True);
        Assert.Equal(10, _store.KeyPages.Count);
    }

    [Fact]
    public async Task A_list_that_stands_still_answers_for_nothing()
    {
        _store.KeyPages.Enqueue(new KeyPage([], "again"));
        KeySearch search = new(_store, Bucket, null);
        Assert.All(await AskAsync(search, 0, 30), Assert.True);
    }

    [Fact]
    public async Task A_directory_bucket_lists_in_no_order_so_only_the_whole_list_answers()
    {
        _store.KeyPages.Enqueue(new KeyPage(["p/999"], "more"));
        _store.KeyPages.Enqueue(new KeyPage(["p/016"], null));
        KeySearch search = new(_store, "bucket--use1-az4--x-s3", "p/");
        _ = await AskAsync(search, 0, 16);
        Assert.Equal([true, false], await AskAsync(search, 16, 2));
        Assert.Empty(_store.KeyPages);
    }

    [Fact]
    public async Task Keys_beyond_ascii_are_answered_by_the_whole_list_only()
    {
        // UTF-8 puts U+FF5E before U+1F600, and UTF-16 behind it.
        _store.KeyPages.Enqueue(new KeyPage(["p/\uff5e"], "more"));
        _store.KeyPages.Enqueue(new KeyPage(["p/\U0001f600"], null));
        KeySearch search = new(_store, Bucket, "p/");
        _ = await AskAsync(search, 0, 16);
        Assert.True(await search.MayExistAsync("p/\U0001f600", TestContext.Current.CancellationToken));
        Assert.False(await search.MayExistAsync("p/\U0001f601", TestContext.Current.CancellationToken));
    }

    private static async Task<List<bool>> AskAsync(KeySearch search, int first, int count)
    {
        List<bool> answers = [];
        for (int i = first; i < first + count; i++)
        {
            answers.Add(await search.MayExistAsync($"p/{i:000}", TestContext.Current.CancellationToken));
        }

        return answers;
    }
}
