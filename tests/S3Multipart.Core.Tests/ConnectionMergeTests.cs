using System.Reflection;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Tests;

public sealed class ConnectionMergeTests
{
    private static readonly string[] s_credentials =
        [nameof(ConnectionSettings.ProfileName), nameof(ConnectionSettings.Keys), nameof(ConnectionSettings.KeySource),
            nameof(ConnectionSettings.Resolved)];

    private static readonly string[] s_others = [nameof(ConnectionSettings.IsOfSession)];

    public static TheoryData<string> Settings => [.. Properties().Select(property => property.Name)];

    [Theory]
    [MemberData(nameof(Settings))]
    public void A_setting_is_inherited_unless_it_is_given_anew(string name)
    {
        if (name == nameof(ConnectionSettings.SessionRegion))
        {
            // Of the session, and never inherited.
            Assert.Equal("SessionRegion1", ConnectionMerge.Merge(new(), new(), With(1, name)).SessionRegion);
            return;
        }

        PropertyInfo property = Properties().Single(property => property.Name == name);
        Assert.Equal(Sample(property, 1), property.GetValue(ConnectionMerge.Merge(new(), With(1, name), new())));
        Assert.Equal(Sample(property, 2), property.GetValue(ConnectionMerge.Merge(With(2, name), With(1, name), new())));

        // Whatever else is given, this one stays as it was inherited: credentials too, unless credentials are given.
        string[] others = [.. Properties().Select(other => other.Name).Where(other => s_credentials.Contains(name)
            ? !s_credentials.Contains(other) : other != name)];
        Assert.Equal(Sample(property, 1), property.GetValue(ConnectionMerge.Merge(With(2, others), With(1, name), new())));
    }

    [Theory]
    [InlineData(nameof(ConnectionSettings.ProfileName))]
    [InlineData(nameof(ConnectionSettings.Keys))]
    [InlineData(nameof(ConnectionSettings.KeySource))]
    public void Credentials_are_replaced_as_one(string name)
    {
        ConnectionSettings merged = ConnectionMerge.Merge(With(2, name), With(1, s_credentials), With(3, s_credentials));
        foreach (PropertyInfo property in Properties().Where(property => s_credentials.Contains(property.Name)))
        {
            Assert.Equal(property.Name == name ? Sample(property, 2) : null, property.GetValue(merged));
        }
    }

    [Fact]
    public void The_session_counts_where_no_credentials_are_given_or_inherited()
    {
        string keys = nameof(ConnectionSettings.Keys);
        Assert.Equal("Keys3", ConnectionMerge.Merge(new(), new(), With(3, keys)).Keys?.AccessKey);
        Assert.Null(ConnectionMerge.Merge(new(), With(1, nameof(ConnectionSettings.Resolved)), With(3, keys)).Keys);
        Assert.Null(ConnectionMerge.Merge(With(2, nameof(ConnectionSettings.ProfileName)), null, With(3, keys)).Keys);
    }

    private static IEnumerable<PropertyInfo> Properties() =>
        typeof(ConnectionSettings).GetProperties(BindingFlags.Instance | BindingFlags.NonPublic)
            .Where(property => property.CanWrite && !s_others.Contains(property.Name));

    private static ConnectionSettings With(int sample, params string[] names)
    {
        ConnectionSettings settings = new();
        foreach (PropertyInfo property in Properties().Where(property => names.Contains(property.Name)))
        {
            property.SetValue(settings, Sample(property, sample));
        }

        return settings;
    }

    private static readonly Dictionary<int,
        Func<AwsKeys>> s_sources = new()
        {
            [1] = () => new("1", "1", null),
            [2] = () => new("2", "2", null),
            [3] = () =>
            new("3", "3", null)
        };
    private static readonly Dictionary<int, Func<string, string?>> s_codes = new() { [1] = _ => "1", [2] = _ => "2" };

    private static object Sample(PropertyInfo property, int sample) => property.Name switch
    {
        nameof(ConnectionSettings.Keys) => new AwsKeys($"Keys{sample}", "secret", null),
        nameof(ConnectionSettings.KeySource) => s_sources[sample],
        nameof(ConnectionSettings.AskMfaCode) => s_codes[sample],
        _ when property.PropertyType == typeof(bool?) => sample == 1,
        _ when property.PropertyType == typeof(int?) => sample,
        _ when property.PropertyType == typeof(TimeSpan?) => TimeSpan.FromSeconds(sample),
        _ => property.Name + sample,
    };
}
