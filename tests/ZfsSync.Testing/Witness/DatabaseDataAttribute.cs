using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

namespace ZfsSync.Testing.Witness;

/// <summary>
/// Runs a theory once on each database: <c>[Theory, DatabaseData]</c> on a method whose first parameter is the
/// <see cref="DatabaseKind"/>. Further values repeat the theory for each: <c>[DatabaseData("a"), DatabaseData("b")]</c>.
/// Without PostgreSQL's programs its case is skipped at home and fails in CI.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class DatabaseDataAttribute(params object?[] values) : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(
        MethodInfo testMethod,
        DisposalTracker disposalTracker
    ) =>
        ValueTask.FromResult<IReadOnlyCollection<ITheoryDataRow>>([
            Row(DatabaseKind.Sqlite, null),
            Row(DatabaseKind.Postgres, TestPostgres.WhyMissing),
        ]);

    public override bool SupportsDiscoveryEnumeration() => true;

    private TheoryDataRow Row(DatabaseKind kind, string? skip) => new([kind, .. values]) { Skip = skip };
}
