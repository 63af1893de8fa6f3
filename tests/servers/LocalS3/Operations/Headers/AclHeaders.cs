using LocalS3.Http;
using LocalS3.Protocol;
using LocalS3.Storage;

namespace LocalS3.Operations.Headers;

/// <summary>Reads x-amz-acl and x-amz-grant-*, and writes access control lists.</summary>
internal static class AclHeaders
{
    private const string Groups = "http://acs.amazonaws.com/groups/";

    private static readonly string[] s_canned =
    [
        "private", "public-read", "public-read-write", "authenticated-read", "aws-exec-read", "bucket-owner-read",
        "bucket-owner-full-control",
    ];

    private static readonly (string Header, string Permission)[] s_grants =
    [
        ("x-amz-grant-full-control", "FULL_CONTROL"), ("x-amz-grant-read", "READ"),
        ("x-amz-grant-read-acp", "READ_ACP"), ("x-amz-grant-write-acp", "WRITE_ACP"),
    ];

    private static readonly string[] s_groups =
        [Groups + "global/AllUsers", Groups + "global/AuthenticatedUsers", "http://acs.amazonaws.com/groups/s3/LogDelivery"];

    public static (string? Canned, List<Grant> Grants) Read(S3Request request, BucketRecord bucket)
    {
        string? canned = request.Header("x-amz-acl");
        if (canned is not null && !s_canned.Contains(canned))
            throw S3Errors.InvalidArgument("", "x-amz-acl", canned);
        List<Grant> grants = [];
        foreach ((string header, string permission) in s_grants)
        {
            if (request.Header(header) is { } value)
                grants.AddRange(value.Split(',', StringSplitOptions.TrimEntries).Select(g => ReadGrant(header, permission, g)));
        }
        if (canned is not null && grants.Count > 0)
            throw S3Errors.InvalidRequest("Specifying both Canned ACLs and Header Grants is not allowed");
        bool grantsOthers = grants.Count > 0 || canned is not (null or "private" or "bucket-owner-full-control");
        if (bucket.Ownership == "BucketOwnerEnforced" && grantsOthers)
            throw new S3Exception("AccessControlListNotSupported", 400, "The bucket does not allow ACLs");
        return (canned, grants);
    }

    public static S3Response ToResponse(ObjectInputs inputs)
    {
        List<Grant> grants = inputs.Grants.Count > 0 ? inputs.Grants : [new Grant("FULL_CONTROL", "id", TestAccount.CanonicalId)];
        grants = inputs.CannedAcl switch
        {
            "public-read" => [.. grants, new Grant("READ", "uri", s_groups[0])],
            "public-read-write" => [.. grants, new Grant("READ", "uri", s_groups[0]), new Grant("WRITE", "uri", s_groups[0])],
            "authenticated-read" => [.. grants, new Grant("READ", "uri", s_groups[1])],
            _ => grants,
        };
        XmlText xml = new XmlText().OpenRoot("AccessControlPolicy");
        xml.Owner("Owner").Open("AccessControlList");
        foreach (Grant grant in grants)
        {
            bool group = grant.GranteeType == "uri";
            xml.Open("Grant").Open("Grantee",
                $"xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"{(group ? "Group" : "CanonicalUser")}\"");
            xml.Element(group ? "URI" : "ID", grant.Grantee).Close("Grantee").Element("Permission", grant.Permission).Close("Grant");
        }
        return S3Response.Xml(xml.Close("AccessControlList").Close("AccessControlPolicy"));
    }

    private static Grant ReadGrant(string header, string permission, string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        string type = equals < 0 ? "" : text[..equals].Trim();
        string value = equals < 0 ? text : text[(equals + 1)..].Trim().Trim('"');
        switch (type)
        {
            case "emailAddress":
                throw S3Errors.MethodNotAllowed("PUT", "ACL");
            case "id" when value.Length == 64 && value.All(char.IsAsciiHexDigit):
            case "uri" when s_groups.Contains(value):
                return new Grant(permission, type, value);
            case "id":
                throw S3Errors.InvalidArgument("Invalid id", "CanonicalUser/ID", value);
            case "uri":
                throw S3Errors.InvalidArgument("Invalid group uri", "uri", value);
            default:
                throw S3Errors.InvalidArgument("Argument format not recognized", header, text);
        }
    }
}
