namespace Ferry.Chunks.Tests.Support;

/// <summary>Reproducible bytes.</summary>
internal static class TestBytes
{
    public static byte[] Random(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    public static byte[] Text(int length, int seed)
    {
        byte[] bytes = Random(length, seed);
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)('a' + (bytes[i] & 3));
        }

        return bytes;
    }
}
