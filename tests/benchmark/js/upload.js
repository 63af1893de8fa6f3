// Uploads what is in a folder, or a named pipe, with @aws-sdk/lib-storage: upload.js ENDPOINT BUCKET FOLDER|PIPE PARTSIZE THROTTLE
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

const [endpoint, bucket, source, partSize, throttle] = process.argv.slice(2);
const client = new S3Client({
  endpoint,
  forcePathStyle: true,
  region: 'us-east-1',
  credentials: { accessKeyId: 'testaccess', secretAccessKey: 'testsecret' },
});
const send = (body, key, queueSize) =>
  new Upload({ client, partSize: Number(partSize), queueSize, params: { Bucket: bucket, Key: key, Body: body } }).done();

if (statSync(source).isDirectory()) {
  const names = readdirSync(source);
  const share = Math.max(1, Math.floor(Number(throttle) / names.length));
  const take = async () => {
    for (let name = names.pop(); name; name = names.pop()) await send(createReadStream(join(source, name)), name, share);
  };
  await Promise.all(Array.from({ length: Math.min(Number(throttle), names.length) }, take));
} else {
  // Behind another stream the library does not look up the length of the file, which a pipe has not.
  await send(createReadStream(source).pipe(new PassThrough()), 'stream', Number(throttle));
}
