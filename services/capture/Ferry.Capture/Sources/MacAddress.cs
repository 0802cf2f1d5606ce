namespace Ferry.Capture.Sources;

/// <summary>MAC addresses as descriptors write them.</summary>
internal static class MacAddress
{
    /// <summary>Twelve upper-case hexadecimal digits, or null when the text is no address of one adapter.</summary>
    public static string? Parse(string? text)
    {
        if (text is null || text.Length > 32)
        {
            return null;
        }

        var digits = string.Concat(text.Where(c => c is not (':' or '-' or '.' or ' '))).ToUpperInvariant();
        var valid = digits.Length == 12 && digits.All(char.IsAsciiHexDigit) && digits != "000000000000";

        // An odd first byte is a group address; no adapter can have it.
        return valid && (Convert.FromHexString(digits)[0] & 1) == 0 ? digits : null;
    }
}
