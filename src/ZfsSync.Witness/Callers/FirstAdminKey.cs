using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Callers;

/// <summary>
/// Somebody must be able to begin: the ADMIN_KEY setting's key, or, when no admin's key is valid, a generated one,
/// printed once and kept in <c>admin.key</c> of the data folder, readable for its owner only.
/// </summary>
internal sealed class FirstAdminKey(Database database, KeyStore store, WitnessOptions options, TimeProvider time)
{
    public string File => Path.Combine(options.DataDir, "admin.key");

    /// <summary>The generated key, or null when none was needed.</summary>
    public async Task<string?> EnsureAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (options.AdminKey is { } configured)
        {
            var key = KeySecret.Parse(configured);
            await database.WriteAsync(session => store.PutConfiguredAsync(session, key, now), cancellation);
            return null;
        }
        var secret = KeySecret.Generate(options.ApiKeyLength);
        var made = await database.WriteAsync(
            async session =>
            {
                if (await store.HasAdminAsync(session, now))
                    return false;
                await store.InsertAsync(session, KeyStore.New(secret, KeyKind.Admin, "first admin", now));
                Write(secret.Text);
                return true;
            },
            cancellation
        );
        return made ? secret.Text : null;
    }

    private void Write(string key)
    {
        System.IO.File.Delete(File);
        var creation = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            creation.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(File, creation);
        using var writer = new StreamWriter(stream);
        writer.WriteLine(key);
    }
}
