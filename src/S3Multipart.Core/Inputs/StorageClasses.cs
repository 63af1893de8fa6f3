namespace S3Multipart.Core.Inputs;

/// <summary>The names of S3's storage classes. The list only helps: a store, and S3 later, may have others.</summary>
internal static class StorageClasses
{
    private const int MostEdits = 3;

    internal static readonly string[] Names =
    [
        "STANDARD", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE", "REDUCED_REDUNDANCY",
        "EXPRESS_ONEZONE", "OUTPOSTS",
    ];

    /// <summary>Adds to the refusal of a storage class the one that was probably meant.</summary>
    internal static Exception Advise(Exception failure, string? requested)
    {
        if (failure is not S3ServiceException refused || requested is null)
        {
            return failure;
        }

        string question = Nearest(requested) is { } name ? $"Did you mean {name}? " : "";
        return refused.ErrorCode switch
        {
            "InvalidStorageClass" =>
                refused.With(question + "Tab completes the storage classes of S3; those of another store are in its documentation."),
            // What Ceph says of a storage class that it does not know.
            "InvalidArgument" when question.Length > 0 => refused.With(question + refused.RecommendedAction),
            _ => failure,
        };
    }

    /// <summary>The name that differs least; null where none is near.</summary>
    internal static string? Nearest(string requested)
    {
        string given = requested.ToUpperInvariant().Replace('-', '_').Replace(' ', '_');
        (string name, int edits) = Names.Select(name => (name, Edits(given, name))).MinBy(one => one.Item2);
        return edits <= MostEdits && edits < name.Length / 2 && name != requested ? name : null;
    }

    /// <summary>How many characters have to be put in, left out or replaced to make one text of the other.</summary>
    private static int Edits(string from, string to)
    {
        int[] row = [.. Enumerable.Range(0, to.Length + 1)];
        for (int i = 1; i <= from.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.Length; j++)
            {
                int above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
