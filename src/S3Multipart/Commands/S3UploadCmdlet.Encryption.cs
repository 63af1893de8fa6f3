using System.Collections;
using System.Management.Automation;
using S3Multipart.Binding;
using S3Multipart.Core.Encryption;
using S3Multipart.Core.Inputs;

namespace S3Multipart.Commands;

/// <summary>The parameters of server-side encryption, one set for each kind; without any of them the bucket's default applies.</summary>
public abstract partial class S3UploadCmdlet
{
    private protected const string BucketDefaultSet = "BucketDefault";
    private const string SseS3Set = "SseS3";
    private const string SseKmsSet = "SseKms";
    private const string DsseKmsSet = "DsseKms";
    private const string SseCSet = "SseC";

    /// <summary>Encrypts with keys that S3 manages (AES256).</summary>
    [Parameter(Mandatory = true, ParameterSetName = SseS3Set)]
    public SwitchParameter SseS3 { get; set; }

    /// <summary>Encrypts with a key of AWS KMS (aws:kms): KmsKeyId, or without it the managed key aws/s3.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SseKmsSet)]
    public SwitchParameter SseKms { get; set; }

    /// <summary>Encrypts twice with a key of AWS KMS (aws:kms:dsse).</summary>
    [Parameter(Mandatory = true, ParameterSetName = DsseKmsSet)]
    public SwitchParameter DsseKms { get; set; }

    /// <summary>The id, ARN or alias of the KMS key.</summary>
    [Parameter(ParameterSetName = SseKmsSet)]
    [Parameter(ParameterSetName = DsseKmsSet)]
    [Alias("SSEKMSKeyId", "ServerSideEncryptionKeyManagementServiceKeyId")]
    [ValidateNotNullOrEmpty]
    public string? KmsKeyId { get; set; }

    /// <summary>The KMS encryption context: names and values that decryption requires.</summary>
    [Parameter(ParameterSetName = SseKmsSet)]
    [Parameter(ParameterSetName = DsseKmsSet)]
    [Alias("SSEKMSEncryptionContext", "ServerSideEncryptionKeyManagementServiceEncryptionContext")]
    [ValidateNotNull]
    public IDictionary? KmsEncryptionContext { get; set; }

    /// <summary>Uses an S3 Bucket Key, which sends fewer requests to KMS; with :$false none.</summary>
    [Parameter(ParameterSetName = SseKmsSet)]
    public SwitchParameter BucketKeyEnabled { get; set; }

    /// <summary>Encrypts with a key of yours (SSE-C): 32 bytes as byte[], their base64, or a SecureString of that.</summary>
    [Parameter(Mandatory = true, ParameterSetName = SseCSet)]
    [Alias("ServerSideEncryptionCustomerProvidedKey")]
    [SseCustomerKeyTransformation]
    public SseCustomerKey? SseCustomerKey { get; set; }

    /// <summary>True where customer keys and KMS requests may go over plain http to another machine too.</summary>
    private protected abstract bool AllowsPlainHttp { get; }

    private EncryptionInput ReadEncryption() => new()
    {
        Method = ParameterSetName switch
        {
            SseS3Set => EncryptionInput.SseS3,
            SseKmsSet => EncryptionInput.SseKms,
            DsseKmsSet => EncryptionInput.DsseKms,
            _ => null,
        },
        KmsKeyId = HeaderText.Check(nameof(KmsKeyId), KmsKeyId),
        KmsContext = KmsEncryptionContext is { Count: > 0 } context ? EncryptionInput.MakeKmsContext(TextTable.Read(context)) : null,
        BucketKeyEnabled = MyInvocation.BoundParameters.ContainsKey(nameof(BucketKeyEnabled)) ? BucketKeyEnabled : null,
        CustomerKey = SseCustomerKey,
    };
}
