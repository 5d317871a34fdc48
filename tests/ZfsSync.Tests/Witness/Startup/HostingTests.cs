using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Logging;
using Shouldly;
using Xunit;
using ZfsSync.Testing;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Tests.Witness.Startup;

public sealed class HostingTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("zfs-sync-hosting-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task With_a_certificate_it_speaks_TLS()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(System.Net.IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var (certificate, key) = (Path.Combine(folder, "tls.pem"), Path.Combine(folder, "tls.key"));
        await File.WriteAllTextAsync(certificate, made.ExportCertificatePem());
        await File.WriteAllTextAsync(key, rsa.ExportPkcs8PrivateKeyPem());
        await using var witness = await TestWitness.StartAsync(
            DatabaseKind.Sqlite,
            options => options with { TlsCertificate = certificate, TlsKey = key }
        );
        using var handler = new SocketsHttpHandler();
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
        };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(made);
        using var http = new HttpClient(handler);

        var answer = await http.GetAsync(new Uri(witness.Address, "/health"));

        witness.Address.Scheme.ShouldBe("https");
        answer.EnsureSuccessStatusCode();
        answer.Headers.Contains("Strict-Transport-Security").ShouldBeTrue();
    }

    [Fact]
    public async Task Pages_of_the_named_origins_may_read_answers()
    {
        await using var witness = await TestWitness.StartAsync(
            DatabaseKind.Sqlite,
            options => options with { CorsOrigins = ["https://a.example"] }
        );
        var (allowed, other) = (witness.Http(), witness.Http());
        allowed.DefaultRequestHeaders.Add("Origin", "https://a.example");
        other.DefaultRequestHeaders.Add("Origin", "https://b.example");

        (await allowed.GetAsync("systems")).Headers.Contains("Access-Control-Allow-Origin").ShouldBeTrue();
        (await other.GetAsync("systems")).Headers.Contains("Access-Control-Allow-Origin").ShouldBeFalse();
    }

    [Fact]
    public void What_one_replica_protects_another_with_the_same_secret_reads_and_no_one_else()
    {
        var secret = new SharedSecretProtection("0123456789abcdef").CreateProtector("session");
        var twin = new SharedSecretProtection("0123456789abcdef").CreateProtector("session");
        var stranger = new SharedSecretProtection("0123456789abcdeF").CreateProtector("session");
        var text = secret.Protect("admin");

        twin.Unprotect(text).ShouldBe("admin");
        Should.Throw<CryptographicException>(() => stranger.Unprotect(text));
        Should.Throw<CryptographicException>(() => twin.CreateProtector("other").Unprotect(text));
    }

    [Fact]
    public void A_log_file_has_one_JSON_object_per_line()
    {
        using (var file = new LogFile(folder, new ManualTimeProvider()))
            file.CreateLogger("category").LogWarning("two\nlines of {What}", "text");

        var lines = File.ReadAllLines(Path.Combine(folder, "zfs-sync-witness.log"));

        lines.ShouldHaveSingleItem();
        lines[0].ShouldContain("\"message\":\"two\\nlines of text\"");
        lines[0].ShouldContain("\"level\":\"warning\"");
    }
}
