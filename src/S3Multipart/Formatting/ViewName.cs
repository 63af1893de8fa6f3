using System.Management.Automation;

namespace S3Multipart.Formatting;

/// <summary>Chooses another table than that of an object's type, by a type name that PowerShell sees and a program does not.</summary>
internal static class ViewName
{
    /// <summary>The table of uploads that have a price.</summary>
    internal static object WithCost(MultipartUpload upload) => upload.MonthlyCost is null ? upload : Add(upload, "WithCost");

    /// <summary>The table of parts of which the store gives no checksum.</summary>
    internal static object WithoutChecksum(UploadPart part) => part.Checksum is null ? Add(part, "WithoutChecksum") : part;

    private static PSObject Add(object value, string view)
    {
        PSObject shown = new(value);
        shown.TypeNames.Insert(0, $"{value.GetType().FullName}#{view}");
        return shown;
    }
}
