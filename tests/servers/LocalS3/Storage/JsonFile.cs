using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalS3.Storage;

/// <summary>Records on disk. Each is replaced as a whole, so that a kill leaves no incomplete one.</summary>
internal static class JsonFile
{
    public static readonly JsonSerializerOptions Options = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
        IgnoreReadOnlyProperties = true,
    };

    public static void Write<T>(string path, T value)
    {
        string temporary = path + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(value, Options));
        File.Move(temporary, path, overwrite: true);
    }

    public static T Read<T>(string path) =>
        JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Options) ?? throw new InvalidDataException(path);
}
