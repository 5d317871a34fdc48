using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using ZfsSync.Contracts.Json;

namespace ZfsSync.Witness.Http;

/// <summary>The wire's JSON, as the witness writes it and, strictly, as it reads it.</summary>
internal static class WireOptions
{
    public static readonly JsonSerializerOptions Answers = ForAnswers(new JsonSerializerOptions());

    /// <summary>
    /// Refuses unknown and repeated members, and null or nothing where a value is needed. Read by reflection: the
    /// generated readers give an absent member its type's default instead of the record's.
    /// </summary>
    public static readonly JsonSerializerOptions Requests = Apply(
        new JsonSerializerOptions
        {
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        }
    );

    /// <summary>The same with readers of our own for long lists; they refuse what is wrong without saying what.</summary>
    private static readonly JsonSerializerOptions FastRequests = new(Requests)
    {
        Converters = { new ReportedSnapshotsReader() },
    };

    public static JsonSerializerOptions ForAnswers(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, WireJson.Default);
        return Apply(options);
    }

    private static JsonSerializerOptions Apply(JsonSerializerOptions options)
    {
        var wire = WireJson.Default.Options;
        options.PropertyNamingPolicy = wire.PropertyNamingPolicy;
        options.DefaultIgnoreCondition = wire.DefaultIgnoreCondition;
        options.NumberHandling = wire.NumberHandling;
        foreach (var converter in wire.Converters)
            options.Converters.Add(converter);
        return options;
    }

    public static JsonTypeInfo<T> FastRequest<T>() => (JsonTypeInfo<T>)FastRequests.GetTypeInfo(typeof(T));

    /// <summary>To find out what is wrong.</summary>
    public static JsonTypeInfo<T> Request<T>() => (JsonTypeInfo<T>)Requests.GetTypeInfo(typeof(T));
}
