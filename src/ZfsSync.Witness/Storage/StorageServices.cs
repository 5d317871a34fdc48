using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Witness.Storage;

internal static class StorageServices
{
    public static void AddStorage(this IServiceCollection services, WitnessOptions options)
    {
        services.AddSingleton(provider =>
            Database.Open(options.DatabaseUrl, provider.GetRequiredService<ILogger<Database>>())
        );
        services.AddSingleton(new IdSource());
        services.AddSingleton<Migrator>();
        services.AddSingleton<FirstAdminKey>();
    }
}
