using Microsoft.AspNetCore.Http;

namespace Ferry.Hosting.Api;

/// <summary>How a request carries an API key: what the gateway checks, and what the OpenAPI documents say.</summary>
public static class ApiKeys
{
    /// <summary>The header.</summary>
    public const string HeaderName = "X-Api-Key";

    /// <summary>
    /// Whether a method changes nothing. Only then the key may come as HTTP Basic: a browser sends that by itself, also when the page of somebody else
    /// makes the request.
    /// </summary>
    public static bool ChangesNothing(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);
}
