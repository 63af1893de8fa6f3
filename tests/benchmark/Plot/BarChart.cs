using System.Globalization;
using System.Text;
using ScottPlot;

namespace S3Multipart.Benchmark.Plot;

/// <summary>Horizontal bars, a group for each case with a bar for each client, as SVG that serves light and dark pages.</summary>
internal sealed class BarChart(string title, string[] cases, Func<Figure, double?> value)
{
    private const int Width = 860;
    private const int BarHeight = 15;

    private static readonly Dictionary<string, string> s_caseTitles = new()
    {
        ["one-https"] = "one file of 4 GiB, https",
        ["one-http"] = "one file of 4 GiB, http",
        ["many-https"] = "500 files of 6 MiB, https",
        ["many-http"] = "500 files of 6 MiB, http",
        ["small-http"] = "5,000 files of 64 KiB, http",
        ["stream-https"] = "a stream of 4 GiB, https",
        ["throttled"] = "4 GiB at 90 MB/s per connection",
    };

    // Each colour with what it becomes on a dark page.
    private static readonly (string Light, string Dark) s_page = ("white", "#0D1117");
    private static readonly (string Light, string Dark) s_text = ("#1F2328", "#D1D7E0");
    private static readonly (string Light, string Dark) s_grid = ("#D8DEE4", "#30363D");

    private static readonly (string Client, string Title, string Light, string Dark)[] s_clients =
    [
        ("floor", "plain HttpClient", "#8C959F", "#7D8590"),
        (Figure.Own, "S3Multipart", "#0969DA", "#4493F8"),
        ("aws", "AWS CLI", "#BF8700", "#D29922"),
        ("rclone", "rclone", "#BF3989", "#DB61A2"),
        ("s3cmd", "s3cmd", "#57606A", "#B1BAC4"),
        ("lib-storage", "@aws-sdk/lib-storage", "#1A7F37", "#3FB950"),
        ("TransferUtility", "TransferUtility (AWS SDK)", "#CF222E", "#F85149"),
    ];

    public void Save(List<Figure> figures, string path)
    {
        using ScottPlot.Plot plot = new();
        plot.Font.Set(Fonts.Sans);
        List<Bar> bars = [];
        List<Tick> ticks = [];
        HashSet<string> shown = [];
        double position = 0;
        foreach (string name in cases)
        {
            double first = position;
            foreach ((string client, _, string light, _) in s_clients)
            {
                if (figures.Find(f => f.Case == name && f.Client == client) is not { } figure || value(figure) is not { } length)
                    continue;
                bars.Add(new Bar
                {
                    Position = position--,
                    Value = length,
                    Size = 0.86,
                    FillColor = Color.FromHex(light),
                    LineWidth = 0,
                    ValueLabel = length.ToString("0.00", CultureInfo.InvariantCulture),
                });
                shown.Add(client);
            }
            if (position < first)
                ticks.Add(new Tick((first + position + 1) / 2, s_caseTitles[name]));
            position -= 0.8;
        }

        if (bars.Count == 0)
            return;
        Add(plot, bars, ticks, shown);
        plot.Axes.SetLimits(0, bars.Max(bar => bar.Value) * 1.08, position + 1.2, 0.9);
        int pictureHeight = (int)(-position * BarHeight) + 120;
        File.WriteAllText(path, WithDarkColours(plot.GetSvgXml(Width, pictureHeight)), new UTF8Encoding(false));
    }

    private void Add(ScottPlot.Plot plot, List<Bar> bars, List<Tick> ticks, HashSet<string> shown)
    {
        Color text = Color.FromHex(s_text.Light);
        ScottPlot.Plottables.BarPlot barPlot = plot.Add.Bars(bars);
        barPlot.Horizontal = true;
        barPlot.ValueLabelStyle.ForeColor = text;
        barPlot.ValueLabelStyle.FontSize = 11;
        barPlot.ValueLabelStyle.FontName = Fonts.Sans;
        plot.Axes.Left.SetTicks([.. ticks.Select(t => t.Position)], [.. ticks.Select(t => t.Label)]);
        plot.Axes.Left.MajorTickStyle.Length = 0;
        plot.Axes.Color(text);
        plot.Axes.Right.FrameLineStyle.Width = 0;
        plot.Axes.Top.FrameLineStyle.Width = 0;
        plot.Axes.Title.Label.Text = title;
        plot.Axes.Title.Label.FontSize = 14;
        plot.FigureBackground.Color = Colors.White;
        plot.DataBackground.Color = Colors.White;
        plot.Grid.YAxisStyle.IsVisible = false;
        plot.Grid.XAxisStyle.MajorLineStyle.Color = Color.FromHex(s_grid.Light);
        foreach ((_, string name, string light, _) in s_clients.Where(c => shown.Contains(c.Client)))
            plot.Legend.ManualItems.Add(new LegendItem { LabelText = name, FillColor = Color.FromHex(light), LineWidth = 0 });
        plot.Legend.BackgroundColor = Colors.White;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.FontColor = text;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.Orientation = Orientation.Horizontal;
        plot.ShowLegend(Edge.Bottom);
    }

    /// <summary>Adds a style by which each colour that is drawn has another one on a dark page.</summary>
    private static string WithDarkColours(string svg)
    {
        StringBuilder style = new("<style>@media (prefers-color-scheme:dark){");
        foreach ((string light, string dark) in s_clients.Select(c => (c.Light, c.Dark)).Append(s_page).Append(s_text).Append(s_grid))
        {
            foreach (string property in (string[])["fill", "stroke"])
                style.Append(CultureInfo.InvariantCulture, $"[{property}=\"{light}\" i]{{{property}:{dark}}}");
        }
        style.Append("}</style>");
        int start = svg.IndexOf('>', svg.IndexOf("<svg", StringComparison.Ordinal)) + 1;
        // Verdana is as wide as DejaVu Sans, by which the text was measured.
        return svg.Insert(start, style.ToString()).ReplaceLineEndings("\n")
            .Replace($"font-family=\"{Fonts.Sans}\"", "font-family=\"DejaVu Sans,Verdana,Geneva,sans-serif\"", StringComparison.Ordinal);
    }
}
