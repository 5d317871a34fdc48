using System.Text;
using System.Text.Json;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Reports;
using ZfsSync.Witness.Http;

namespace ZfsSync.Tests.Witness.Api;

/// <summary>The fast reader of lists takes and refuses exactly what the reader by reflection does.</summary>
public sealed class ReportedSnapshotsReaderTests
{
    private const string Required = "\"guid\":\"1\",\"name\":\"a\",\"createtxg\":1";

    [Theory]
    [InlineData("{" + Required + "}")]
    [InlineData("{\"name\":\"a \\u0062\",\"createtxg\":18446744073709551615,\"guid\":\"18446744073709551615\"}")]
    [InlineData("{\"guid\":7,\"name\":\"a\",\"createtxg\":0}")]
    [InlineData("{\"guid\":\"0\",\"name\":\"\",\"createtxg\":0}")]
    [InlineData("{" + Required + ",\"creation\":-5,\"used\":1,\"referenced\":2,\"written\":3,\"userrefs\":4294967295}")]
    [InlineData(
        "{" + Required + ",\"creation\":null,\"used\":null,\"referenced\":null,\"written\":null,\"userrefs\":null}"
    )]
    public void What_is_right_is_read_the_same(string snapshot)
    {
        var json = Encoding.UTF8.GetBytes($"[{snapshot},{snapshot}]");
        RequestBody
            .Read<IReadOnlyList<ReportedSnapshot>>(json)
            .ShouldBe(JsonSerializer.Deserialize(json, WireOptions.Request<IReadOnlyList<ReportedSnapshot>>())!);
    }

    [Theory]
    [InlineData("7")]
    [InlineData("{}")]
    [InlineData("{\"guid\":\"1\",\"name\":\"a\"}")]
    [InlineData("{" + Required + ",\"name\":\"b\"}")]
    [InlineData("{" + Required + ",\"size\":1}")]
    [InlineData("{" + Required + ",\"used\":-1}")]
    [InlineData("{" + Required + ",\"used\":\"1\"}")]
    [InlineData("{" + Required + ",\"used\":1.5}")]
    [InlineData("{" + Required + ",\"userrefs\":4294967296}")]
    [InlineData("{" + Required + ",\"creation\":true}")]
    [InlineData("{\"guid\":\"00\",\"name\":\"a\",\"createtxg\":1}")]
    [InlineData("{\"guid\":\" 1\",\"name\":\"a\",\"createtxg\":1}")]
    [InlineData("{\"guid\":0,\"name\":\"a\",\"createtxg\":1}")]
    [InlineData("{\"guid\":null,\"name\":\"a\",\"createtxg\":1}")]
    [InlineData("{\"guid\":\"1\",\"name\":null,\"createtxg\":1}")]
    [InlineData("{\"guid\":\"1\",\"name\":\"a\",\"createtxg\":null}")]
    [InlineData("{\"guid\":\"1\",\"name\":\"a\",\"createtxg\":1")]
    public void What_is_wrong_is_refused_by_both(string snapshot)
    {
        var json = Encoding.UTF8.GetBytes($"[{snapshot}]");
        Should.Throw<RefusedException>(() => RequestBody.Read<IReadOnlyList<ReportedSnapshot>>(json));
        Should.Throw<JsonException>(() =>
            JsonSerializer.Deserialize(json, WireOptions.Request<IReadOnlyList<ReportedSnapshot>>())
        );
    }
}
