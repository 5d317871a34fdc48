using System.Reflection;
using System.Runtime.InteropServices;

namespace ZfsSync.Witness.Storage;

/// <summary>The system's SQLite gets security fixes with the system; the bundled one is old and serves where there is none.</summary>
internal static class SqliteLibrary
{
    // The first with everything our statements use (returning, strict tables).
    private const int OldestVersion = 3_037_000;
    private static readonly Lock Gate = new();
    private static readonly string[] SystemNames = ["libsqlite3.so.0", "libsqlite3.so", "libsqlite3.dylib"];
    private static nint system;
    private static bool loaded;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int VersionNumber();

    public static void Load(ILogger log)
    {
        lock (Gate)
        {
            if (loaded)
                return;
            loaded = true;
            system = FindSystem(out var name);
            var provider = typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly;
            NativeLibrary.SetDllImportResolver(provider, Resolve);
            NativeLibrary.SetDllImportResolver(typeof(SqliteLibrary).Assembly, Resolve);
            SQLitePCL.Batteries_V2.Init();
            // Nobody reads the statistics, which take a lock. The connection's own lock stays, although one at a time uses it:
            // the collector frees statements that were left, on a thread of its own, and without it that breaks the heap.
            SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
            log.LogInformation(
                "SQLite {Version} from {Library}",
                SQLitePCL.raw.sqlite3_libversion().utf8_to_string(),
                name ?? "the bundled library"
            );
        }
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? path) =>
        library == SqliteFunctions.Library ? system : 0;

    private static nint FindSystem(out string? found)
    {
        foreach (var name in SystemNames)
        {
            if (!NativeLibrary.TryLoad(name, out var handle))
                continue;
            if (
                NativeLibrary.TryGetExport(handle, "sqlite3_libversion_number", out var function)
                && Marshal.GetDelegateForFunctionPointer<VersionNumber>(function)() >= OldestVersion
            )
            {
                found = name;
                return handle;
            }
            NativeLibrary.Free(handle);
        }
        found = null;
        return 0;
    }
}
