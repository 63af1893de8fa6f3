using System.Globalization;
using S3Multipart.Benchmark.Plot;

// The summary of a benchmark becomes benchmark-cost.svg and benchmark-time.svg in the folder.
if (args is not [string summary, string folder])
{
    Console.Error.WriteLine("usage: BenchmarkPlot SUMMARY.csv FOLDER");
    return 2;
}

List<Figure> figures = Figure.Read(summary);
Dictionary<string, double> ownTime = figures.Where(f => f.Client == Figure.Own).ToDictionary(f => f.Case, f => f.Wall);

BarChart cost = new("Processor seconds of the client for each GiB, less is better",
    ["one-https", "many-https", "stream-https", "one-http", "many-http"], f => f.PerGiB);
BarChart time = new("Wall time as a multiple of what S3Multipart took, less is better",
    ["one-https", "many-https", "stream-https", "throttled", "small-http"],
    f => ownTime.TryGetValue(f.Case, out double own) ? f.Wall / own : null);
cost.Save(figures, Path.Combine(folder, "benchmark-cost.svg"));
time.Save(figures, Path.Combine(folder, "benchmark-time.svg"));
return 0;

/// <summary>A line of the summary: what one client took for one case.</summary>
internal sealed record Figure(string Case, string Client, double Wall, double? PerGiB)
{
    public const string Own = "S3Multipart";

    public static List<Figure> Read(string path)
    {
        // PowerShell quotes every field, and no name has a quote or a comma in it.
        string[][] rows = [.. File.ReadLines(path).Select(line => line.Split(',').Select(field => field.Trim('"')).ToArray())];
        int Column(string name) => Array.IndexOf(rows[0], name);
        (int @case, int client, int wall, int perGiB) = (Column("Case"), Column("Client"), Column("Wall"), Column("PerGiB"));
        return [.. rows.Skip(1).Select(row => new Figure(row[@case], row[client], Number(row[wall]) ?? 0, Number(row[perGiB])))];
    }

    private static double? Number(string text) => text.Length > 0 ? double.Parse(text, CultureInfo.InvariantCulture) : null;
}
