using Microsoft.AspNetCore.Mvc;

namespace ZfsSync.Witness.Http;

/// <summary>Which part of a list: bind it with <c>[AsParameters]</c>. The whole count goes into <c>X-Total-Count</c>.</summary>
internal sealed record Page
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 1000;

    [FromQuery(Name = "skip")]
    public int? Skip { get; init; }

    [FromQuery(Name = "limit")]
    public int? Limit { get; init; }

    /// <summary>For SQL's <c>offset</c>.</summary>
    public int Offset => Skip ?? 0;

    /// <summary>For SQL's <c>limit</c>.</summary>
    public int Size => Limit ?? DefaultLimit;

    /// <exception cref="RefusedException">A number is out of its range.</exception>
    public void Check()
    {
        var errors = new FieldErrors();
        if (Skip < 0)
            errors.Add("skip", "must be 0 or more");
        if (Limit is < 1 or > MaxLimit)
            errors.Add("limit", $"must be from 1 to {MaxLimit}");
        errors.ThrowIfAny();
    }

    /// <summary>A part of a list as an answer.</summary>
    public IResult Answer<T>(HttpContext http, IReadOnlyList<T> items, long total)
    {
        SetTotal(http, total);
        return TypedResults.Ok(items);
    }

    /// <summary>For an answer that holds its list among other things.</summary>
    public static void SetTotal(HttpContext http, long total) =>
        http.Response.Headers["X-Total-Count"] = total.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The part of a list that is in memory, as an answer.</summary>
    public IResult Answer<T>(HttpContext http, IReadOnlyList<T> all)
    {
        Check();
        return Answer<T>(http, [.. all.Skip(Offset).Take(Size)], all.Count);
    }
}
