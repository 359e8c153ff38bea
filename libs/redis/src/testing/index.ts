export { connectRedis } from './connect-redis';
