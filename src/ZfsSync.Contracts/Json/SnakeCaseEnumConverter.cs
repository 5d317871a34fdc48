using System.Text.Json;
using System.Text.Json.Serialization;

namespace ZfsSync.Contracts.Json;

/// <summary>Enum members travel as snake_case strings; numbers are refused.</summary>
public sealed class SnakeCaseEnumConverter<TEnum>()
    : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
