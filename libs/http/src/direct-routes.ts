import type { Type } from '@nestjs/common';
import {
  EXCEPTION_FILTERS_METADATA,
  GUARDS_METADATA,
  INTERCEPTORS_METADATA,
  PIPES_METADATA,
} from '@nestjs/common/constants.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorFilter } from './errors/error-filter';

/** Where the handler of a direct route is found: a method `(request, reply) => Promise<answer>` of a controller. */
interface DirectRoute {
  readonly controller: Type;
  readonly method: string;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Declared with Nest's `@RouteConfig({ direct })`. */
    direct?: DirectRoute;
  }
}

const LEFT_OUT = [GUARDS_METADATA, INTERCEPTORS_METADATA, PIPES_METADATA, EXCEPTION_FILTERS_METADATA];

/** Resolves to what is sent as JSON, or to `undefined` where the handler has sent the answer itself. */
type Handle = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>;

/**
 * Calls the handlers of direct routes without Nest's part of a request, which looks for guards, pipes and interceptors
 * each time and costs as much as the routing. All else stays: hooks, the limits of bodies and of time, access, errors,
 * metrics and the log belong to the server, and a route is still declared, and described, by its controller.
 * @throws at the start, where such a route has some of what it would go without
 */
export function serveDirectly(app: NestFastifyApplication, instance: FastifyInstance, errors: ErrorFilter): void {
  instance.addHook('onRoute', (route) => {
    const direct = route.config?.direct;
    if (direct !== undefined) route.handler = directHandler(handleOf(app, direct), errors);
  });
}

function handleOf(app: NestFastifyApplication, { controller, method }: DirectRoute): Handle {
  const owner = app.get<Record<string, Handle>>(controller, { strict: false });
  const handle = owner[method];
  if (handle === undefined) throw new Error(`${controller.name} has no method ${method}`);
  if (LEFT_OUT.some((key) => Reflect.hasMetadata(key, controller) || Reflect.hasMetadata(key, handle))) {
    throw new Error(`${controller.name}.${method} is served directly: its guards, pipes or the like would be left out`);
  }
  return handle.bind(owner);
}

function directHandler(handle: Handle, errors: ErrorFilter): (request: FastifyRequest, reply: FastifyReply) => void {
  const answer: Handle = async (request, reply) => {
    try {
      const body = await handle(request, reply);
      // The deadline may have answered meanwhile.
      if (body !== undefined && !reply.sent) reply.send(body);
    } catch (error) {
      errors.answer(error, request, reply);
    }
  };
  return (request, reply) => void answer(request, reply);
}
