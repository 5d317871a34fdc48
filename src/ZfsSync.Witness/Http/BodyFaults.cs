using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Http;

/// <summary>Everything wrong with a JSON value for a type: walks both side by side.</summary>
internal static class BodyFaults
{
    public static void Find(JsonElement value, JsonTypeInfo type, string path, FieldErrors errors)
    {
        if (errors.IsFull)
            return;
        switch (type.Kind)
        {
            case JsonTypeInfoKind.Object when !IsFree(type):
                FindInObject(value, type, path, errors);
                break;
            case JsonTypeInfoKind.Enumerable when !IsFree(type):
                FindInList(value, type, path, errors);
                break;
            case JsonTypeInfoKind.Dictionary when !IsFree(type):
                FindInDictionary(value, type, path, errors);
                break;
            default:
                FindInLeaf(value, type, path, errors);
                break;
        }
    }

    private static bool IsFree(JsonTypeInfo type) =>
        typeof(JsonNode).IsAssignableFrom(type.Type) || type.Type == typeof(JsonElement);

    private static void FindInObject(JsonElement value, JsonTypeInfo type, string path, FieldErrors errors)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            errors.Add(path, $"must be an object, not {Describe(value)}");
            return;
        }
        var known = type.Properties.ToDictionary(property => property.Name, StringComparer.Ordinal);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            var at = path.Length == 0 ? member.Name : $"{path}.{member.Name}";
            if (!seen.Add(member.Name))
                errors.Add(at, "appears twice");
            else if (!known.TryGetValue(member.Name, out var property))
                errors.Add(at, $"is not known here; known are {string.Join(", ", known.Keys)}");
            else if (member.Value.ValueKind != JsonValueKind.Null)
                Find(member.Value, type.Options.GetTypeInfo(property.PropertyType), at, errors);
            else if (!property.IsSetNullable || IsPlainValue(property.PropertyType))
                errors.Add(at, "must not be null");
        }
        foreach (
            var property in type.Properties.Where(property => property.IsRequired && !seen.Contains(property.Name))
        )
            errors.Add(path.Length == 0 ? property.Name : $"{path}.{property.Name}", "is required");
    }

    private static bool IsPlainValue(Type type) =>
        type.IsValueType && Nullable.GetUnderlyingType(type) is null && type != typeof(JsonElement);

    private static void FindInList(JsonElement value, JsonTypeInfo type, string path, FieldErrors errors)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            errors.Add(path, $"must be a list, not {Describe(value)}");
            return;
        }
        var item = type.Options.GetTypeInfo(type.ElementType!);
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            var at = $"{path}[{index++}]";
            if (element.ValueKind == JsonValueKind.Null)
                errors.Add(at, "must not be null");
            else
                Find(element, item, at, errors);
        }
    }

    private static void FindInDictionary(JsonElement value, JsonTypeInfo type, string path, FieldErrors errors)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            errors.Add(path, $"must be an object, not {Describe(value)}");
            return;
        }
        var item = type.Options.GetTypeInfo(type.ElementType!);
        foreach (var member in value.EnumerateObject())
            Find(member.Value, item, $"{path}.{member.Name}", errors);
    }

    private static void FindInLeaf(JsonElement value, JsonTypeInfo type, string path, FieldErrors errors)
    {
        if (value.ValueKind == JsonValueKind.Null && !IsFree(type))
        {
            errors.Add(path, "must not be null");
            return;
        }
        try
        {
            JsonSerializer.Deserialize(value, type);
        }
        catch (JsonException)
        {
            errors.Add(path, $"must be {Expected(type.Type)}, not {Describe(value)}");
        }
    }

    private static string Expected(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return "one of "
                + string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName));
        if (type == typeof(SnapshotGuid))
            return "a decimal number from 1 to 18446744073709551615, as a string";
        if (type == typeof(Guid))
            return "a UUID";
        if (type == typeof(DateTimeOffset))
            return "a time such as 2026-01-31T12:00:00Z";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Boolean => "true or false",
            TypeCode.UInt64 => "a whole number from 0 to 18446744073709551615",
            TypeCode.UInt32 => "a whole number from 0 to 4294967295",
            TypeCode.Int64 => "a whole number of 64 bits",
            TypeCode.Int32 => "a whole number of 32 bits",
            TypeCode.Double => "a number",
            TypeCode.String => "a text",
            _ => typeof(JsonObject).IsAssignableFrom(type) ? "an object" : "another value",
        };
    }

    private static string Describe(JsonElement value)
    {
        var text = value.GetRawText();
        return value.ValueKind switch
        {
            JsonValueKind.Object => "an object",
            JsonValueKind.Array => "a list",
            _ => text.Length <= 80 ? text : text[..80] + "…",
        };
    }
}
