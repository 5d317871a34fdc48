using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Json;
using ZfsSync.Witness.Http;

namespace ZfsSync.Tests.Contracts;

public sealed class AbsentMemberTests
{
    /// <summary>Every record of the wire that can be read.</summary>
    public static TheoryData<Type> Records =>
        [
            .. typeof(WireJson)
                .Assembly.GetTypes()
                .Where(type =>
                    type.IsPublic
                    && type.GetMethod("<Clone>$") is not null
                    && WireJson.Default.GetTypeInfo(type)?.Kind == JsonTypeInfoKind.Object
                ),
        ];

    [Fact]
    public void There_are_records_to_look_at() => Records.Count.ShouldBeGreaterThan(40);

    [Theory, MemberData(nameof(Records))]
    public void An_absent_member_is_the_records_default_for_clients_too(Type type)
    {
        var least = Least(type).ToJsonString();
        var byWitness = JsonSerializer.Deserialize(least, type, WireOptions.Answers.WithReflection());
        var byClient = JsonSerializer.Deserialize(least, type, WireJson.Default);
        Text(byClient, type).ShouldBe(Text(byWitness, type));
        foreach (var property in type.GetProperties().Where(p => p.GetIndexParameters().Length == 0))
            (property.GetValue(byClient) is null).ShouldBe(property.GetValue(byWitness) is null, property.Name);
    }

    [Fact]
    public void A_port_and_a_policy_that_are_not_said_are_the_usual_ones()
    {
        var host = JsonSerializer.Deserialize(
            """{"id":"00000000-0000-0000-0000-000000000001","hostname":"a","platform":"linux"}""",
            WireJson.Default.SystemResource
        )!;
        host.SshPort.ShouldBe(22);
        host.Labels.ShouldBeEmpty();
        JsonSerializer.Deserialize("{}", WireJson.Default.GroupPolicy)!.Resume.ShouldBeTrue();
    }

    private static string Text(object? value, Type type) => JsonSerializer.Serialize(value, type, WireJson.Default);

    /// <summary>An object with what is required, and nothing else.</summary>
    private static JsonObject Least(Type type)
    {
        var least = new JsonObject();
        var info = WireOptions.Answers.WithReflection().GetTypeInfo(type);
        foreach (var property in info.Properties.Where(p => p.IsRequired))
            least[property.Name] = Value(property.PropertyType);
        return least;
    }

    private static JsonNode? Value(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return JsonNamingPolicy.SnakeCaseLower.ConvertName(Enum.GetNames(type)[0]);
        if (type == typeof(string) || type == typeof(ZfsSync.Core.Snapshots.SnapshotGuid))
            return "7";
        if (type == typeof(Guid))
            return Guid.Empty.ToString();
        if (type == typeof(DateTimeOffset))
            return "2026-01-31T12:00:00Z";
        if (type == typeof(bool))
            return false;
        if (type == typeof(JsonElement))
            return 1;
        if (type.IsPrimitive)
            return 1;
        if (typeof(System.Collections.IEnumerable).IsAssignableFrom(type))
            return type.Name.Contains("Dictionary", StringComparison.Ordinal) || type == typeof(JsonObject)
                ? new JsonObject()
                : new JsonArray();
        return Least(type);
    }
}

file static class Reflected
{
    /// <summary>The wire's options, read as C# itself would fill a record.</summary>
    public static JsonSerializerOptions WithReflection(this JsonSerializerOptions options) =>
        new(options)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            RespectRequiredConstructorParameters = true,
        };
}
