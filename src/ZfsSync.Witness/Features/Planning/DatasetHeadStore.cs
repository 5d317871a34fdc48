using ZfsSync.Witness.Features.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>The names and row ids of datasets.</summary>
internal sealed class DatasetHeadStore
{
    /// <summary>The row ids of a host's datasets, by name; those that do not exist are left out.</summary>
    public async Task<IReadOnlyDictionary<string, long>> IdsAsync(
        Session session,
        Guid systemId,
        IReadOnlyCollection<string> names
    ) =>
        (
            await session.QueryAsync<DatasetRow>(
                $"select {DatasetRow.Columns} from datasets where system_id = @systemId and name in @names",
                new { systemId, names }
            )
        ).ToDictionary(r => r.Name, r => r.Id, StringComparer.Ordinal);

    /// <summary>The name of a host's dataset by its row id, or null.</summary>
    public Task<string?> NameAsync(Session session, Guid systemId, long datasetId) =>
        session.ScalarAsync<string>(
            "select name from datasets where system_id = @systemId and id = @datasetId",
            new { systemId, datasetId }
        );
}
