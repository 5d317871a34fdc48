namespace ZfsSync.Contracts;

/// <summary>The stable codes of error bodies. Codes are added, never changed.</summary>
public static class ProblemCodes
{
    /// <summary>400: the body, a field, or a query parameter is wrong; <c>errors</c> names each.</summary>
    public const string InvalidInput = "invalid_input";

    /// <summary>401: no key, or one that is unknown, expired or revoked.</summary>
    public const string Unauthenticated = "unauthenticated";

    /// <summary>403: the key may not do this.</summary>
    public const string Forbidden = "forbidden";

    /// <summary>403: the form's token is missing or old.</summary>
    public const string BadFormToken = "bad_form_token";

    /// <summary>404: there is no such thing.</summary>
    public const string NotFound = "not_found";

    /// <summary>405: the path exists, the method does not.</summary>
    public const string MethodNotAllowed = "method_not_allowed";

    /// <summary>409: the name is taken.</summary>
    public const string Exists = "exists";

    /// <summary>409: the instruction is not pending: another runner has it, or it was withdrawn or finished.</summary>
    public const string NotClaimable = "not_claimable";

    /// <summary>409: the lease ended or belongs to someone else.</summary>
    public const string LeaseLost = "lease_lost";

    /// <summary>409: two agents use one host's identity.</summary>
    public const string IdentityInUse = "identity_in_use";

    /// <summary>409: the evidence changed since it was shown; look again before approving.</summary>
    public const string StaleApproval = "stale_approval";

    /// <summary>413: the body has more bytes or rows than allowed.</summary>
    public const string TooLarge = "too_large";

    /// <summary>415: the body is not JSON.</summary>
    public const string UnsupportedMediaType = "unsupported_media_type";

    /// <summary>429: too many requests; Retry-After says when.</summary>
    public const string TooManyRequests = "too_many_requests";

    /// <summary>500: a fault of the witness; its log has the details under the trace id.</summary>
    public const string Internal = "internal";

    /// <summary>503: many large requests came at once; Retry-After says when to come back.</summary>
    public const string Busy = "busy";

    /// <summary>503: the database does not answer, or is not migrated.</summary>
    public const string Unavailable = "unavailable";
}
