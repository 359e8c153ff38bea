// The health check of the image, which has no shell and no curl: 0 where the process answers that it lives.
const port = process.env.HTTP_PORT ?? '8080';
try {
  const { status } = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(4_000) });
  process.exitCode = status === 200 ? 0 : 1;
} catch {
  process.exitCode = 1;
}
