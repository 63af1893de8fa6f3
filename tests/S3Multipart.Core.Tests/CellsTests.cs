using S3Multipart.Formatting;
using Xunit;

namespace S3Multipart.Tests;

public sealed class CellsTests
{
    [Theory]
    [InlineData("short.bin", 20, "short.bin")]
    [InlineData("0123456789abcdefghij", 20, "0123456789abcdefghij")]
    [InlineData("0123456789abcdefghijk", 20, "012345…89abcdefghijk")]
    [InlineData("東京の写真/二〇二六年/画像.jpg", 20, "東京の…六年/画像.jpg")]
    public void ALongTextLosesItsMiddle(string text, int width, string expected)
    {
        string cut = Cells.CutMiddle(text, width, Measure);
        Assert.InRange(Measure(cut), 0, width);
        Assert.Equal(expected, cut);
    }

    [Theory]
    [InlineData("plain.bin")]
    [InlineData("東京.jpg")]
    public void ANameForABarIsAsLongAsItIsWide(string text)
    {
        string shown = Cells.ForBar(text, Measure);
        Assert.Equal(Measure(text), shown.Length);
        Assert.Equal(text, shown.TrimEnd('\u200b'));
    }

    [Fact]
    public void LettersOfSeveralCharactersStayWhole()
    {
        const string family = "👨‍👩‍👧‍👦";
        string cut = Cells.CutMiddle(string.Concat(Enumerable.Repeat(family, 10)), 9, Measure);
        Assert.Equal(string.Concat(Enumerable.Repeat(family, cut.Split('…')[0].Length / family.Length)), cut.Split('…')[0]);
    }

    private static int Measure(string text) => text.EnumerateRunes().Sum(rune => rune.Value >= 0x2E80 ? 2 : 1);
}
