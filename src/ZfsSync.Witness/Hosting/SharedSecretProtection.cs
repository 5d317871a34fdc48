using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace ZfsSync.Witness.Hosting;

/// <summary>
/// Sessions and form tokens under a key from the SECRET_KEY setting, so that each of several replicas takes what another
/// one gave. AES-256-GCM; every purpose has a key of its own.
/// </summary>
internal sealed class SharedSecretProtection : IDataProtector
{
    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private readonly byte[] key;

    public SharedSecretProtection(string secret)
        : this(
            HKDF.DeriveKey(
                HashAlgorithmName.SHA256,
                Encoding.UTF8.GetBytes(secret),
                KeyBytes,
                info: "zfs-sync"u8.ToArray()
            )
        ) { }

    private SharedSecretProtection(byte[] key) => this.key = key;

    public IDataProtector CreateProtector(string purpose) =>
        new SharedSecretProtection(
            HKDF.DeriveKey(HashAlgorithmName.SHA256, key, KeyBytes, info: Encoding.UTF8.GetBytes(purpose))
        );

    public byte[] Protect(byte[] plaintext)
    {
        var sealedBytes = new byte[NonceBytes + TagBytes + plaintext.Length];
        var nonce = sealedBytes.AsSpan(0, NonceBytes);
        var tag = sealedBytes.AsSpan(NonceBytes, TagBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, plaintext, sealedBytes.AsSpan(NonceBytes + TagBytes), tag);
        return sealedBytes;
    }

    /// <exception cref="CryptographicException">It was made with another secret, for another purpose, or changed.</exception>
    public byte[] Unprotect(byte[] protectedData)
    {
        if (protectedData.Length < NonceBytes + TagBytes)
            throw new CryptographicException("The value is too short.");
        var plaintext = new byte[protectedData.Length - NonceBytes - TagBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(
            protectedData.AsSpan(0, NonceBytes),
            protectedData.AsSpan(NonceBytes + TagBytes),
            protectedData.AsSpan(NonceBytes, TagBytes),
            plaintext
        );
        return plaintext;
    }
}
