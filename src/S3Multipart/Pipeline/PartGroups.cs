using S3Multipart.Core.Text;

namespace S3Multipart.Pipeline;

/// <summary>The parts that a pipeline brings, by the upload that they are of.</summary>
internal sealed class PartGroups
{
    private readonly Dictionary<(string BucketName, string Key, string UploadId), PartGroup> _groups = [];
    private readonly TextSet _whole = new();

    /// <summary>The groups that are not known to have all their parts.</summary>
    internal IReadOnlyList<PartGroup> Open => [.. _groups.Values];

    /// <summary>Takes a part; false where its upload had all of its parts before.</summary>
    /// <param name="part">The part.</param>
    /// <param name="whole">The group that has all its parts with this one, which is then no longer kept.</param>
    internal bool TryAdd(UploadPart part, out PartGroup? whole)
    {
        whole = null;
        (string BucketName, string Key, string UploadId) target = (part.BucketName, part.Key, part.UploadId);
        if (_whole.Contains(NameOf(target)))
        {
            return false;
        }

        if (!_groups.TryGetValue(target, out PartGroup? group))
        {
            _groups.Add(target, group = new PartGroup(part));
        }

        group.Add(part);
        if (group.IsWhole)
        {
            _ = _groups.Remove(target);
            _ = _whole.Add(NameOf(target));
            whole = group;
        }

        return true;
    }

    /// <summary>Forgets the parts for a key of a bucket.</summary>
    internal void Remove(string bucketName, string key)
    {
        foreach ((string, string, string) target in _groups.Keys
            .Where(target => target.BucketName == bucketName && target.Key == key).ToArray())
        {
            _ = _groups.Remove(target);
        }
    }

    private static string NameOf((string BucketName, string Key, string UploadId) target) =>
        $"{target.BucketName}/{target.Key}?{target.UploadId}";
}
