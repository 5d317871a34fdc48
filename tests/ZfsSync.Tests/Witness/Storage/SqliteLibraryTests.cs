using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using ZfsSync.Tests.Fleet;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness.Storage;

public sealed class SqliteLibraryTests
{
    /// <summary>
    /// Tests open databases themselves. Whichever comes first binds the provider: opened before the witness chose its
    /// library, some functions would come from one and some from another, and the process would end.
    /// </summary>
    [ModuleInitializer]
    internal static void LoadBeforeAnyTest() => SqliteLibrary.Load(NullLogger.Instance);

    [Fact]
    public async Task A_database_that_a_test_opens_is_in_the_library_that_the_witness_uses()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        var witness = FleetApp.Rent(TimeProvider.System, seed: 1);
        await witness.ReturnAsync();

        using var command = connection.CreateCommand();
        command.CommandText = "select 1";
        Assert.Equal(1L, command.ExecuteScalar());
        Assert.Single(
            File.ReadLines("/proc/self/maps")
                .Select(line => line[(line.LastIndexOf(' ') + 1)..])
                .Where(file => Path.GetFileName(file).Contains("sqlite3.so", StringComparison.Ordinal))
                .Distinct()
        );
    }
}
