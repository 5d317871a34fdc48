using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Mvc;

namespace ZfsSync.Witness.Http;

/// <summary>
/// The query parameters and path values that an endpoint takes, read from its handler's signature: whatever has
/// <c>[FromQuery]</c>, directly or inside <c>[AsParameters]</c>. Anything else in a query is refused, by name.
/// </summary>
internal sealed class QueryContract
{
    private static readonly ConditionalWeakTable<Endpoint, QueryContract> Known = new();
    private readonly Dictionary<string, Type> parameters = new(StringComparer.Ordinal);
    private readonly List<string> required = [];
    private readonly Dictionary<string, Type> path = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null when the endpoint is no handler with a signature.</summary>
    public static QueryContract? Of(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<MethodInfo>() is { } handler
            ? Known.GetValue(endpoint, _ => new QueryContract(handler))
            : null;

    private QueryContract(MethodInfo handler)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var parameter in handler.GetParameters())
        {
            if (parameter.GetCustomAttribute<AsParametersAttribute>() is not null)
            {
                foreach (var property in parameter.ParameterType.GetProperties())
                    Add(property.GetCustomAttribute<FromQueryAttribute>(), property.PropertyType, false);
                continue;
            }
            var isRequired =
                !parameter.HasDefaultValue && nullability.Create(parameter).WriteState != NullabilityState.Nullable;
            Add(parameter.GetCustomAttribute<FromQueryAttribute>(), parameter.ParameterType, isRequired);
            path[parameter.Name!] = parameter.ParameterType;
        }
    }

    public FieldErrors Faults(HttpContext http)
    {
        var errors = new FieldErrors();
        foreach (var (name, value) in http.Request.RouteValues)
        {
            if (path.TryGetValue(name, out var type) && Fault(type, value?.ToString() ?? "") is { } fault)
                errors.Add(name, fault);
        }
        foreach (var (name, values) in http.Request.Query)
        {
            if (!parameters.TryGetValue(name, out var type))
                errors.Add(name, Unknown());
            else if (type.IsArray)
                AddFaults(name, type.GetElementType()!, values, errors);
            else if (values.Count > 1)
                errors.Add(name, "appears twice in the query");
            else if (Fault(type, values.ToString()) is { } fault)
                errors.Add(name, fault);
        }
        foreach (var name in required.Where(name => !http.Request.Query.ContainsKey(name)))
            errors.Add(name, "is required in the query");
        return errors;
    }

    private void Add(FromQueryAttribute? query, Type type, bool isRequired)
    {
        if (query?.Name is not { } name)
            return;
        parameters[name] = type;
        if (isRequired)
            required.Add(name);
    }

    private string Unknown() =>
        parameters.Count == 0
            ? "is not known; this path takes no query parameters"
            : $"is not a known query parameter; known are {string.Join(", ", parameters.Keys)}";

    private static void AddFaults(string name, Type item, IEnumerable<string?> values, FieldErrors errors)
    {
        foreach (var value in values)
        {
            if (Fault(item, value ?? "") is { } fault)
                errors.Add(name, fault);
        }
    }

    private static string? Fault(Type type, string text)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Guid))
            return Guid.TryParse(text, out _) ? null : $"must be a UUID, not '{text}'";
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                ? null
                : $"must be a whole number, not '{text}'";
        if (type == typeof(bool))
            return bool.TryParse(text, out _) ? null : $"must be true or false, not '{text}'";
        return null;
    }
}
